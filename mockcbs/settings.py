"""Everything a user can set, in one typed object."""

from dataclasses import dataclass
from functools import cache
from os import PathLike, fspath
from types import NoneType
from typing import Literal, get_args, get_origin, get_type_hints

from mockcbs.core.clock import instant
from mockcbs.core.errors import UserError

DefaultStart = Literal["epoch", "week"]
GatewayPrefix = Literal["APIG", "APIGW"]

_FILES = ("dataset", "scenario", "coze_public_key")
"""Settings that may be a `pathlib.Path`."""
RANGES = {"journal_size": (1, 1_000_000), "pace": (0, 60_000)}
"""Settings that are numbers within bounds: the least and the greatest."""
_EARLIEST, _LATEST = instant("2021-01-01"), instant("2099-12-31")


def starting_instant(text: str | int) -> int:
    """Where a clock may start, as ms UTC; raises `UserError`."""
    try:
        at = instant(text)
    except ValueError as error:
        raise UserError(str(error)) from error
    if not _EARLIEST <= at <= _LATEST:
        seconds = "; is it in seconds?" if _EARLIEST <= 1000 * at <= _LATEST else ""
        raise UserError(f"{text!r} is not between 2021 and 2099{seconds}")
    return at


@dataclass(frozen=True)
class Settings:
    """What `create_app` needs to know; the command line and ``MOCKCBS_…`` variables fill the same fields.

    Raises `UserError` for a value that is not accepted.
    """

    seed: int = 42
    dataset: str = "everyday"
    """A dataset's name or the path of a YAML file."""
    now: int | str | None = None
    """Where the clock starts: ms UTC or ISO 8601; `None` takes the dataset's instant, or else real time."""
    tick: bool = False
    """Let a clock that starts at `now`, or at the dataset's instant, run on instead of standing still."""
    strict: bool = False
    """Accept only tokens issued here, configured keys, and the dataset's bots."""
    hints: bool = True
    """Send ``X-Mockcbs-Reason`` beside every error."""
    scenario: str | None = None
    """What goes wrong from the start: a scenario's name or the path of a YAML file."""
    control: bool = True
    """Serve ``/_mockcbs``."""
    control_token: str | None = None
    """What callers of ``/_mockcbs`` must send as ``Authorization: Bearer``; `None` lets everybody in."""
    journal_size: int = 1000
    """How many calls the journal keeps."""
    memo: bool = True
    """Answer repeated reads from memory while they stay true."""
    default_start: DefaultStart | None = None
    """What a statistics call without ``start_time`` means (contract D-1): the epoch, or local midnight
    seven days before the end. `None` takes the dataset's choice, or else the epoch."""
    gateway_prefix: GatewayPrefix = "APIG"
    """How gateway codes begin (contract D-7)."""
    secret: str = "mockcbs"
    """Signs the tokens issued here; processes with the same secret accept each other's."""
    access_key: str = "MOCKCBSAK"
    secret_key: str = "mockcbs-secret-key"
    iam_user: str = "mockcbs"
    iam_password: str = "mockcbs"
    iam_domain: str = "mockcbs"
    coze_token: str = "pat_mockcbs"
    """The personal access token of Coze that is good when strict."""
    coze_client_id: str = "mockcbs.app.coze"
    coze_client_secret: str = "mockcbs-client-secret"
    coze_public_key: str | None = None
    """A PEM file; JWTs must be signed for it. Without one they are taken on trust, unless strict."""
    pace: int = 0
    """Pause between two events of a stream, ms."""

    def __post_init__(self) -> None:
        self._check_kinds()
        for name, accepted in (
            ("default_start", (None, *get_args(DefaultStart))),
            ("gateway_prefix", get_args(GatewayPrefix)),
        ):
            if (value := getattr(self, name)) not in accepted:
                raise UserError(f"{name} {value!r} is not one of {', '.join(map(str, accepted))}")
        for name, (low, high) in RANGES.items():
            if not low <= (number := getattr(self, name)) <= high:
                raise UserError(f"{name} {number!r} is not between {low} and {high}")
        if self.now is not None:
            try:
                starting_instant(self.now)
            except UserError as error:
                raise UserError(f"now {error}") from error
        if self.control_token is not None and not self.control:
            wanted = "set control (leave out --no-control), or no token"
            raise UserError(f"control_token (--control-token) guards what is not served: {wanted}")

    def _check_kinds(self) -> None:
        for name, (kinds, told, may_be_none) in _kinds().items():
            value = getattr(self, name)
            if value is None and may_be_none:
                continue
            if PathLike in kinds and not isinstance(value, str) and isinstance(value, PathLike):
                object.__setattr__(self, name, value := fspath(value))
            if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds) or value == "":
                raise UserError(f"{name} {value!r} is not {told}")

    @property
    def starts_at(self) -> int | None:
        """`now` as ms UTC."""
        return None if self.now is None else starting_instant(self.now)


_TOLD: dict[type, str] = {
    bool: "True or False",
    int: "a whole number",
    str: "a text of at least one character",
    PathLike: "a path",
}


@cache
def _kinds() -> dict[str, tuple[tuple[type, ...], str, bool]]:
    """Of each setting: which types it may have, what these are called, and whether it may be `None`."""
    found = {}
    for name, hint in get_type_hints(Settings).items():
        parts = get_args(hint) or (hint,)
        if get_origin(hint) is Literal or any(get_origin(part) is Literal for part in parts):
            continue  # its values are listed
        kinds = [part for part in parts if part is not NoneType]
        if name in _FILES:
            kinds.append(PathLike)
        told = " or ".join(_TOLD[kind] for kind in kinds if kind in _TOLD)
        found[name] = (tuple(kinds), told, NoneType in parts)
    return found
