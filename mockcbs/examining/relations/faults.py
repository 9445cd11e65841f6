"""Relations about failed requests: data that was not read must not be printed as zero."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from mockcbs.core.clock import real_now
from mockcbs.examining import compare
from mockcbs.examining.bench import Bench, broken, outputs
from mockcbs.examining.output import Output
from mockcbs.examining.search import BrokenError
from mockcbs.examining.strategies import Case
from mockcbs.examining.traffic import Question, Session, Traffic
from mockcbs.examining.words import Asked
from mockcbs.examining.world import Run

_EXPIRED = "expired-token"
"""A token that every service treats as expired."""

_TOKEN_LIFE = 25 * 3_600_000
"""The time after which a token of IAM has expired, in ms."""


_FAILED = {"code": 5000, "msg": "internal error", "detail": {"logid": "20261122080000AF32A3B7D1E5F2A4C6B8"}}
"""An error of Coze that has the status of a success."""


class UndecidedError(Exception):
    """The relation was neither confirmed nor refuted; the message states why."""


@dataclass(frozen=True)
class Fault:
    """A fault to inject into some requests."""

    sentence: str
    effect: Mapping[str, Any]
    """The keys of a scenario's rule."""


FAULTS = {
    "throttled": (Fault("refused with 429", {"answer": {"error": "throttled"}}),),
    "server-error": (
        Fault("answered with 500", {"answer": {"error": "server-error"}}),
        Fault("refused with 502 or 503", {"answer": {"error": "unavailable"}}),
    ),
    "error-code": (
        Fault("answered with status 200 and an error code", {"answer": {"status": 200, "body": _FAILED}}),
    ),
    "reset": (Fault("reset", {"wire": "reset"}),),
    "truncated": (
        Fault("cut off in the middle of its body", {"wire": "truncated-body"}),
        Fault("answered with truncated JSON", {"damage": [{"kind": "truncated-json"}]}),
    ),
    "expired-token": (
        Fault("refused because the token has expired", {"answer": {"error": "token-expired"}}),
    ),
}
"""The fault of each relation, by the name of the relation."""


@dataclass(frozen=True)
class _Trial:
    fault: Fault
    when: Mapping[str, int]
    words: str

    @property
    def scenario(self) -> dict[str, Any]:
        return {"rules": [{"when": dict(self.when), **self.fault.effect}]}


def _trials(faults: Sequence[Fault], calls: int) -> list[_Trial]:
    """Trials with a fault in one request at several positions, and in all requests from a position on."""
    trials = []
    for fault in faults:
        for place in sorted({1, 2, calls} & set(range(1, calls + 1))):
            which = "its only call" if calls == 1 else f"call {place} of {calls}"
            trials.append(_Trial(fault, {"nth": place}, f"{which} is {fault.sentence}"))
        for place in sorted({1, calls}):
            when = {"after": place - 1} if place > 1 else {"every": 1}
            which = "every call" if place == 1 else f"every call from call {place} on"
            trials.append(_Trial(fault, when, f"{which} is {fault.sentence}"))
    return trials


def _check(name: str) -> Callable[[Bench, Any], None]:
    def check(bench: Bench, case: Case) -> None:
        if name == "error-code" and bench.profile.service != "coze":
            raise UndecidedError("only Coze has error codes in responses with status 200")
        traffic, asked = bench.traffic(case), bench.asked(case)
        with bench.world(traffic) as world:
            clean = world.run(asked)
        (right,) = outputs(traffic, [clean])
        trials = _trials(FAULTS[name], len(clean.entries))
        with ThreadPoolExecutor(bench.jobs if bench.client.in_parallel else 1) as pool:
            try:
                runs = list(pool.map(lambda trial: _try(bench, traffic, asked, trial), trials))
            except BaseException:
                bench.client.stop()
                raise
        undecided = ""
        for trial, run in zip(trials, runs, strict=True):
            if run.said.status is None:
                undecided = f"when {trial.words}, the client did not end in time; raise --timeout"
            elif text := _read_wrongly(right, run):
                raise broken(f"when {trial.words}: {text}", traffic, [run, clean])
        if name == "expired-token":
            _check_token(bench, traffic, asked, right)
        if undecided:
            raise UndecidedError(undecided)

    return check


def _try(bench: Bench, traffic: Traffic, asked: Asked, trial: _Trial) -> Run:
    with bench.world(traffic, scenario=trial.scenario) as world:
        return world.run(asked)


def _read_wrongly(right: Output, run: Run) -> str:
    """Why the output of a run with a fault is wrong; empty if the run reported the fault or recovered."""
    if run.output is None:
        return ""
    text = compare.differs(right, run.output)
    if text and not run.output.rows:
        return "it ended with status 0 and printed no rows, as if there were no data"
    return f"it ended with status 0 and rows that differ from a run without faults: {text}" if text else ""


def _check_token(bench: Bench, traffic: Traffic, asked: Asked, right: Output) -> None:
    """Check expired tokens: a configured token, or a token that the client requested in an earlier run."""
    if bench.names("token") and not bench.profile.fetches_token:
        with bench.world(traffic) as world:
            run = world.run(asked, token=_EXPIRED)
        if text := _read_wrongly(right, run):
            raise broken(f"when its token has expired: {text}", traffic, [run])
    if bench.profile.fetches_token and bench.profile.service == "cbs":
        _check_renewal(bench, traffic, asked)


def _check_renewal(bench: Bench, traffic: Traffic, asked: Asked) -> None:
    """Check that a client requests a new IAM token before the old one expires; IAM sends the expiry."""
    now = real_now()
    with bench.world(traffic, now=now - _TOKEN_LIFE) as world:
        first = world.run(asked)
        world.server.clock.freeze(now)
        second = world.run(asked)
    if second.output is None and second.said.status is not None:
        reason = f"25 hours after its first run, when its token has expired, {second.problem}"
        raise broken(reason, traffic, [first, second])
    outputs(traffic, [first])
    if second.output is not None and first.output is not None:
        text = compare.differs(first.output, second.output)
        if text:
            raise broken(
                f"25 hours after its first run, when its token has expired: {text}", traffic, [second]
            )


def _case(bench: Bench) -> Case:
    """A few sessions, enough for several pages if the client reads pages."""
    profile = bench.profile
    count = 3 if profile.page_size is None else 2 * profile.page_size // profile.rows_per_session + 1
    days = 3 if profile.has_range else 1
    sessions = tuple(
        Session(number % days, 540 + number, 1 + number % 3, (Question(number % 4),))
        for number in range(count)
    )
    return Case(sessions, None, 0, days - 1)


def _sentence(faults: Sequence[Fault]) -> str:
    return " or ".join(fault.sentence for fault in faults)


def check(bench: Bench, name: str) -> BrokenError | None:
    """Check one relation of `FAULTS`; return the error if it is broken. Raises `UndecidedError`."""
    try:
        _check(name)(bench, _case(bench))
    except BrokenError as error:
        return error
    return None


SENTENCES = {
    name: f"A call that is {_sentence(faults)} is retried or reported, never read as zero."
    for name, faults in FAULTS.items()
}
"""The sentence of each relation of `FAULTS`."""
