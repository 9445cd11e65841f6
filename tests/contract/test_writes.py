"""What the kit does to a target with and without leave to write, and to one that knows no dialogue."""

import pytest

from mockcbs import Settings, create_app
from mockcbs.contract.catalogue import all_checks
from mockcbs.contract.kit import Kit
from mockcbs.contract.opening import open_kit
from mockcbs.contract.options import Options
from mockcbs.contract.runner import run
from mockcbs.contract.targets import WsgiTarget
from tests.conftest import NOW, PROJECT

COUNTED = [check for check in all_checks() if "cbs.counted" in check.clauses]


@pytest.mark.slow
@pytest.mark.parametrize("writes", [False, True])
def test_nothing_is_written_unasked(writes):
    """Without permission to write, a run does not change the statistics."""
    kit: Kit = open_kit(Options(now=NOW, allow_writes=writes))
    path = f"/v1/{kit.project_id}/qabots/{kit.qabot_id}/requests/reply-rates"
    before = kit.call("cbs", "GET", path).json

    run(kit, COUNTED if writes else None)

    after = kit.call("cbs", "GET", path).json
    assert (after["total"] != before["total"]) == writes
    changing = {"/chat", "/requests", "/sessions", "/labor", "/satisfaction"}
    taken = [
        answer.call.path
        for service, _, answer in kit.heard
        if service == "cbs" and answer.status == 200 and answer.call.method in {"POST", "DELETE"}
    ]
    assert any(f"/{path.rpartition('/')[2]}" in changing for path in taken) == writes


def test_a_target_without_dialogue():
    """If the target has no chat, its clauses are not applicable."""
    app = create_app(Settings(now=NOW, strict=True))

    def older(environ, start_response):
        if environ["REQUEST_METHOD"] != "GET" and "/qabots/" in environ["PATH_INFO"]:
            environ["PATH_INFO"] = f"/v1/{PROJECT}/no/such/path"
        return app(environ, start_response)

    kit = open_kit(Options(now=NOW, allow_writes=True))
    target = WsgiTarget(older)
    kit.targets = {"cbs": target, "iam": target}

    entry = run(kit, COUNTED).entries["cbs.counted"]

    assert (entry.verdict, entry.reason) == ("not applicable", "the target does not serve chat")
