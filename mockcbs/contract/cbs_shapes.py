"""Checks the shape of CBS responses: status, members, their order, and the format of numbers."""

import re
from typing import Any

from marshmallow import Schema, fields

from mockcbs.contract.kit import Kit
from mockcbs.contract.lacking import Lacking, mended
from mockcbs.contract.shapes import leaves, problems
from mockcbs.contract.targets import Answer, Number
from mockcbs.services.cbs import dialogue_responses, schemas

_SCHEMAS: dict[str, Schema] = {
    "session-stats": schemas.SessionStats(),
    "reply-rates": schemas.ReplyRates(),
    "hots": schemas.HotQuestions(),
    "keywords": schemas.Keywords(),
    "chat": dialogue_responses.ChatAnswer(),
    "single": dialogue_responses.SingleAnswer(),
    "open": dialogue_responses.OpenedSession(),
    "execute": dialogue_responses.SessionAnswer(),
    "suggestions": dialogue_responses.Suggestions(),
    "tag": dialogue_responses.Tagged(),
}
"""The schemas by operation; labor and satisfaction share a schema."""
_OWN_CLAUSES = {
    ("chat", "qabot_answers.answers"): "cbs.chat-arrays",
    ("chat", "qabot_answers.recommend_answers"): "cbs.chat-arrays",
    ("chat", "session_id"): "cbs.D-20",
    ("chat", "request_id"): "cbs.D-20",
    ("execute", "request_id"): "cbs.D-19",
    ("execute", "qabot_answers.request_id"): "cbs.D-19",
    ("tag", "updated_time"): "cbs.D-18",
}
"""The members that each have a separate clause."""
_THREE_DECIMALS = re.compile(r"(0|[1-9]\d*)\.\d{3}")
_SCORE = re.compile(r"0\.\d{1,3}|1\.0{1,3}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def check_shape(kit: Kit, operation: str, answer: Answer) -> None:
    """Check a response that should be a success; wrong members are repaired or marked as missing."""
    kit.anywhere.update(_OWN_CLAUSES.values())
    is_success = kit.expect("cbs.shape-success", answer, answer.status, 200, "status")
    try:
        content = answer.json
    except ValueError:
        answer.mend(
            Lacking(f"the response of {operation} is not JSON (http.envelope)", "http.envelope", is_part=True)
        )
        return
    if not is_success and problems(_SCHEMAS[operation], content)[0]:
        reason = f"the response of {operation} is HTTP {answer.status} (cbs.shape-success)"
        answer.mend(Lacking(reason, "cbs.shape-success", is_part=True))
        return
    _numbers(kit, answer)
    wrong, unknown = problems(_SCHEMAS[operation], content)
    wrong += [
        f"{name}: {value!r} is not yyyy-MM-dd"
        for name, value in leaves(content)
        if name.endswith("[].start") and not _DATE.fullmatch(str(value))
    ]
    failing = [name for name in unknown if name.rpartition(".")[2] in {"error_code", "error_msg"}]
    kit.expect("cbs.shape-extra", answer, unknown, [], "members not in the contract")
    kit.expect("cbs.shape-no-error", answer, failing, [], "members of an error")
    clause = _missing(kit, operation, answer, wrong)
    kit.expect(
        "http.member-order", answer, _disorder(_SCHEMAS[operation], content), [], "members out of order"
    )
    if wrong:
        answer.mend(_dates_of(mended(_SCHEMAS[operation], content, operation, clause), operation, clause))


def _dates_of(content: Any, operation: str, clause: str) -> Any:
    """*content*, with each start of a period that is not a date marked as missing."""
    periods = content.get("intervals") if isinstance(content, dict) else None
    for period in periods if isinstance(periods, list) else []:
        if isinstance(period, dict) and not _DATE.fullmatch(str(period.get("start"))):
            period["start"] = Lacking(f"{operation}: intervals[].start is not a date ({clause})", clause)
    return content


def _missing(kit: Kit, operation: str, answer: Answer, wrong: list[str]) -> str:
    """Assign each problem to the clause of its member or else of the shape; return a broken clause."""
    rest, broken = list(wrong), f"cbs.shape-{operation}"
    for (owner, member), clause in _OWN_CLAUSES.items():
        if owner == operation:
            mine = [problem for problem in wrong if problem.startswith(f"{member}:")]
            broken = broken if kit.expect(clause, answer, mine, [], "problems") else clause
            rest = [problem for problem in rest if problem not in mine]
    kit.expect(f"cbs.shape-{operation}", answer, rest, [], "problems")
    return f"cbs.shape-{operation}" if rest else broken


def _numbers(kit: Kit, answer: Answer) -> None:
    wrong_counts, wrong_decimals, wrong_scores = [], [], []
    for name, value in leaves(answer.json):
        member, text = name.rpartition(".")[2], getattr(value, "text", value)
        if member.endswith("_rate") or member.startswith("avg_"):
            if not (isinstance(value, Number) and _THREE_DECIMALS.fullmatch(value.text)):
                wrong_decimals.append(f"{name} = {text!s}")
        elif member.endswith(("_count", "utc", "freq", "reply_type")):
            if type(value) is not int:
                wrong_counts.append(f"{name} = {text!r}")
        elif member == "score" and not _is_score(value):
            wrong_scores.append(f"{name} = {text!r}")
    kit.expect("cbs.number-integers", answer, wrong_counts[:3], [], "counts that are not integers")
    kit.expect("cbs.number-decimals", answer, wrong_decimals[:3], [], "numbers without three decimals")
    kit.expect("cbs.number-scores", answer, wrong_scores[:3], [], "values that are not scores")


def _is_score(value: Any) -> bool:
    if isinstance(value, Number):
        return _SCORE.fullmatch(value.text) is not None
    return type(value) is int and value in {0, 1}


def _disorder(schema: Schema, content: Any, where: str = "") -> list[str]:
    """The members that are not in the order of the documented examples."""
    if not isinstance(content, dict):
        return []
    documented = ["start", *(name for name in schema.fields if name != "start")]
    known = [name for name in content if name in schema.fields]
    found = [
        f"{where}{name}"
        for name, expected in zip(known, sorted(known, key=documented.index), strict=True)
        if name != expected
    ]
    for name in known:
        inner = _nested(schema.fields[name])
        values = content[name] if isinstance(content[name], list) else [content[name]]
        for value in values if inner else []:
            found += _disorder(inner, value, f"{where}{name}.")  # type: ignore[arg-type]
    return found[:3]


def _nested(field: Any) -> Schema | None:
    field = field.inner if isinstance(field, fields.List) else field
    return field.schema if isinstance(field, fields.Nested) else None
