"""Every shipped scenario against every client: it sees what the name says, and then all is well."""

import shutil
from collections.abc import Iterator
from contextlib import closing, nullcontext
from typing import Any

import pytest

from mockcbs import Mock
from mockcbs.core.files import shipped

from .fault_clients import CLIENTS, Seen

NOW = 1_795_305_600_000
SEEN: dict[str, list[str]] = {
    "empty-reply": ["empty"],
    "flaky-once": ["500", "200"],
    "garbage": ["garbage"],
    "html-gateway": ["502 not JSON"],
    "malformed-json": ["200 not JSON"],
    "missing-member": ["200 missing-member"],
    "no-answer": ["timeout"],
    "outage": ["502"] * 5 + ["200"],
    "reset": ["reset"],
    "server-error": ["500"],
    "slow": ["timeout"],
    "slow-body": ["200"],
    "stale": ["200 stale"],
    "throttled": ["200"] * 3 + ["429"],
    "token-expired": ["200"] * 3 + ["401"],
    "truncated-body": ["short"],
    "wrong-types": ["200 wrong-types"],
}
MORE_CALLS = {"throttled": 12}
"""On a busy machine a second may pass, after which calls pass again."""


@pytest.fixture(scope="module")
def live(serving) -> Iterator[str]:
    """A server that clients share, each with a project of its own."""
    with serving("--now", str(NOW)) as served:
        yield served.url


def _played(name: str, server: str | Mock) -> dict[str, list[Seen]]:
    """What a client saw of each scenario."""
    plan = {scenario: MORE_CALLS.get(scenario, len(seen)) for scenario, seen in SEEN.items()}
    number = list(CLIENTS).index(name)
    with (
        closing(CLIENTS[name](server, number)) as client,
        nullcontext() if isinstance(server, str) else server,
    ):
        return client.play(plan)


def test_every_shipped_scenario_is_here():
    """The matrix has every shipped scenario except those of webhooks, messages and uploads."""
    others = ("webhook-", "full-hour", "slow-upload")
    requests = [name for name in shipped("scenarios") if not name.startswith(others)]

    assert sorted(SEEN) == sorted(requests)


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_sees_what_the_scenarios_say(live, name):
    """Each client reports each fault in its own way; the call after the end of a scenario succeeds."""
    if name in {"curl", "java", "node"} and shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")

    _check(name, live)


@pytest.mark.parametrize(
    "name",
    ["requests", "httpx", *(pytest.param(sdk, marks=pytest.mark.slow) for sdk in ("huawei-sdk", "cozepy"))],
)
def test_a_client_sees_the_same_in_process(name):
    """The very exceptions, statuses and documents it would see live."""
    _check(name, Mock(now=NOW))


def _check(name: str, server: str | Mock) -> None:
    """Play all scenarios on one client; the calls it reports are those of `SEEN`, each with its scenario."""
    terms = CLIENTS[name].terms
    told = {}
    for scenario, (*calls, after) in _played(name, server).items():
        told[scenario] = [*(_told(call, after) for call in calls[: len(SEEN[scenario])]), after.what]
    assert told == {
        scenario: [*(terms.get(what, what) for what in seen), "200"] for scenario, seen in SEEN.items()
    }


def _told(call: Seen, sound: Seen) -> str:
    """The seen status and body; for a JSON document, also its errors."""
    if call.document is None or call.what != "200":
        return call.what
    ours, theirs = dict(_members(call.document)), dict(_members(sound.document))
    changed = [path for path in ours if path in theirs and type(ours[path]) is not type(theirs[path])]
    if changed:
        return f"200 wrong-types{'' if len(changed) == 1 else changed}"
    if missing := [path for path in theirs if path not in ours]:
        top = [path for path in missing if path.rpartition(".")[0] not in missing]
        return f"200 missing-member{'' if len(top) == 1 else top}"
    return "200 stale" if _instant(theirs) - _instant(ours) == 3_600_000 else "200"


def _instant(members: dict[str, Any]) -> int:
    """The time at which the response was made, ms UTC; 0 if unknown."""
    return members.get("endutc", 1000 * members.get("created_at", 0))


def _members(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of a document by its path; a null counts as missing, as some clients fill in."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        here = f"{path}.{key}".removeprefix(".")
        if value is not None:
            yield here, value
            yield from _members(value, here)
