"""Every public method of ``@coze/api`` is served, or stands in the table of what is outside."""

from pathlib import Path

import pytest

from mockcbs.services.coze import not_emulated
from tests.clients import npm

pytestmark = npm.needed

SCRIPT = Path(__file__).parent / "node" / "coze_sweep.cjs"


@pytest.fixture
def seen(_shared, tmp_path):
    """What came of the call of each method."""
    run = npm.runner(tmp_path, SCRIPT, "@coze/api@1.3.9")
    return run(_shared("--dataset", "coze-sample").url)


@pytest.mark.slow
def test_methods(seen, capsys):
    """The methods are found in the installed package, so one that is added fails here by its name."""
    wrong = {path: said for path, said in seen.items() if not (_is_served(said) or _is_outside(said))}
    served = sum(map(_is_served, seen.values()))
    total = f"{served} served, {len(seen) - served - len(wrong)} outside, {len(wrong)} wrong"
    with capsys.disabled():
        print(total)  # noqa: T201 - what a reader of the log wants to see
    assert not wrong
    assert served >= 30


def _is_served(said: dict[str, str]) -> bool:
    return said["outcome"] == "served"


def _is_outside(said: dict[str, str]) -> bool:
    """Whether the table names the operation, or the method opens a WebSocket."""
    if said["outcome"] == "websocket":
        return "voice over WebSocket" in not_emulated.table()
    return bool(not_emulated.operation(said["method"], said["path"]))
