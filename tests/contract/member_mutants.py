"""Servers of CBS that are right but for one member of a response."""

from typing import Any

from tests.contract.deviations import ALL, HOTS, RATES, STATS, WORDS, edit, status, top_level
from tests.contract.figure_mutants import figures
from tests.contract.mutants import After, Mutant, Response, dumps, loads


def _counter() -> After:
    count = iter(range(10**9))

    @edit(*ALL)
    def after(content: Any, _: Response) -> None:
        if "total" in content:
            content["total"]["user_count" if "user_count" in content["total"] else "chat_count"] += (
                next(count) % 2
            )

    return after


def _missing(name: str, *operations: str) -> After:
    @edit(*operations)
    def after(content: Any, _: Response) -> None:
        content.pop(name, None)
        for row in figures(content) if "total" in content else []:
            row.pop(name, None)

    return after


def _renamed(old: str, new: str, *operations: str) -> After:
    @edit(*operations)
    def after(content: Any, _: Response) -> Any:
        return loads(dumps(content).replace(f'"{old}":'.encode(), f'"{new}":'.encode()))

    return after


def _extra(*operations: str) -> After:
    return top_level("debug", lambda *_: 1, *operations)


MEMBERS = [
    Mutant("endutc is missing", "cbs.shape-session-stats", after=_missing("endutc", STATS)),
    Mutant("dialog_count is missing", "cbs.shape-reply-rates", after=_missing("dialog_count", RATES)),
    Mutant("avg_session_time is renamed", "cbs.shape-session-stats", after=_renamed("avg_session_time", "avg_session_duration", STATS)),
    Mutant("intervals is renamed", "cbs.shape-reply-rates", after=_renamed("intervals", "periods", RATES)),
    Mutant("camelCase", "cbs.shape-keywords", after=_renamed("keywords", "keyWords", WORDS)),
    Mutant("no domain on hot questions", "cbs.shape-hots", after=edit(HOTS)(lambda c, _: [q.pop("domain") for q in c["questions"]] and None)),
    Mutant("intervals is null when empty", "cbs.shape-session-stats", after=top_level("intervals", lambda c, _: c["intervals"] or None, STATS)),
    Mutant("an unknown member", "cbs.shape-extra", after=_extra(*ALL)),
    Mutant("a good answer says error_code", "cbs.shape-no-error", after=top_level("error_code", lambda *_: "CBS.0000", *ALL)),
    Mutant("good answers are 201", "cbs.shape-success", after=lambda r: status(201)(r) if r.says(WORDS) else None),
    Mutant("answers are wrapped in data", "cbs.shape-reply-rates", after=edit(RATES)(lambda c, _: {"data": c})),
    Mutant("figures wobble", "cbs.idempotent", after=_counter()),
]  # fmt: skip
