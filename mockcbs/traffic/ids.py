"""Forms of ids: which ids bots can have, and the ids of their generated sessions."""

import re
from collections.abc import Callable
from typing import NamedTuple

from mockcbs.traffic.session_ids import decimals, uuid4s
from mockcbs.traffic.turns import Ints


class IdForm(NamedTuple):
    """One form of bot ids, and the form of the session ids that goes with it."""

    name: str
    """The name of the form in messages, such as ``a UUID``."""
    pattern: re.Pattern[str]
    """The pattern of bot ids in lower case."""
    session_ids: Callable[[Ints, Ints, int], list[str]] = uuid4s
    """Returns the ids of sessions; for the arguments see `uuid4s`."""


UUIDS = IdForm("a UUID", re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"))
DECIMALS = IdForm("16 to 20 digits", re.compile("[0-9]{16,20}"), decimals)

_forms = {UUIDS.name: UUIDS, DECIMALS.name: DECIMALS}


def add(form: IdForm) -> None:
    """Accept bot ids of that form as well."""
    _forms[form.name] = form


def remove(form: IdForm) -> None:
    """Stop accepting bot ids of that form."""
    del _forms[form.name]


def form_of(bot_id: str) -> IdForm | None:
    """The form of *bot_id*; `None` if no form accepts it."""
    return next((form for form in _forms.values() if form.pattern.fullmatch(bot_id)), None)


def accepted() -> str:
    """The accepted forms, in words."""
    return " or ".join(_forms)


def bot_id(text: str) -> str:
    """*text* as a bot id in lower case; raises `ValueError` if no form accepts it."""
    if form_of(text.lower()) is None:
        raise ValueError(f"bot id {text!r} is not {accepted()}")
    return text.lower()
