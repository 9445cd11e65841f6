"""Commands in questions and parameters that change the end of a chat or run: ``mockcbs:fail:4028``."""

import re
from dataclasses import dataclass
from typing import Any, Literal

from mockcbs.services.coze import errors
from mockcbs.services.coze.errors import CozeError

Ending = Literal["completed", "failed", "broken", "requires_action"]

_QUESTION = re.compile(r"mockcbs:(fail|error|tool)(?:[: ]([0-9]{1,10}))?")
_ENDINGS: dict[str, Ending] = {"fail": "failed", "error": "broken", "tool": "requires_action"}
PARAMETER = "mockcbs"
"""The workflow parameter with the same meaning: ``fail``, ``fail:4028``, ``ask``, ``ping``."""
_RUN = re.compile(r"(fail|ask|ping)(?:[: ]([0-9]{1,10}))?")


@dataclass(frozen=True)
class Steering:
    """The end of a chat or run."""

    ending: Ending = "completed"
    error: CozeError = errors.INTERNAL
    """The error, if it fails."""


def of_question(text: str) -> Steering:
    """The command in the question *text*."""
    found = _QUESTION.fullmatch(text)
    if not found:
        return Steering()
    return Steering(_ENDINGS[found[1]], errors.row(found[2], errors.INTERNAL))


@dataclass(frozen=True)
class RunSteering:
    """How a run of a workflow continues."""

    fails: bool = False
    asks: bool = False
    pings: bool = False
    """Whether its stream has a PING event, like that of a run with long pauses."""
    error: CozeError = errors.WORKFLOW_FAILED


def of_parameters(parameters: dict[str, Any]) -> RunSteering:
    """The command in the parameters of a run."""
    found = _RUN.fullmatch(str(parameters.get(PARAMETER, "")))
    if not found:
        return RunSteering()
    error = errors.row(found[2], errors.WORKFLOW_FAILED)
    return RunSteering(found[1] == "fail", found[1] == "ask", found[1] == "ping", error)
