"""Two targets side by side."""

import json

from mockcbs.contract import compare
from mockcbs.contract.catalogue import all_checks
from mockcbs.contract.opening import open_kit
from mockcbs.contract.options import DEFAULT_BOT, DEFAULT_COZE_BOT, Options
from mockcbs.contract.runner import run
from mockcbs.contract.targets import Call
from tests.conftest import NOW


def test_compare_finds_what_differs_in_shape(monkeypatch):
    """Two mocks of other seeds have the same shapes; one that drops zeros and a member has not."""
    kit = open_kit(Options(now=NOW))
    run(kit, [check for check in all_checks() if check.__name__ in {"test_defaults", "test_no_data"}])
    same, other = open_kit(Options(now=NOW, seed=7)), open_kit(Options(now=NOW))
    send = other.targets["cbs"].send

    def without_zeros(call: Call):
        answer = send(call)
        object.__setattr__(
            answer, "body", answer.body.replace(b"0.000", b"0.0").replace(b'"endutc"', b'"end"')
        )
        return answer

    monkeypatch.setattr(other.targets["cbs"], "send", without_zeros)

    assert compare.compare(kit, same) == compare.Comparison([])
    found = {(row.where, row.one, row.other) for row in compare.compare(kit, other).differences}
    assert ("endutc", "integer", "absent") in found
    assert ("end", "absent", "integer") in found
    assert any(where.endswith("avg_session_time") and "1 decimals" in other for where, _, other in found)


def test_a_bot_without_calls_differs_from_one_with_calls(tmp_path):
    """Coze analytics without any calls are a difference in figures, with a pin; an idle day alone is none."""
    idle = tmp_path / "idle.yaml"
    bots = [{"id": bot_id, "sessions": []} for bot_id in (DEFAULT_BOT, DEFAULT_COZE_BOT)]
    idle.write_text(json.dumps({"bots": bots}))
    chosen = [check for check in all_checks() if check.__name__ in {"test_rows", "test_summary"}]
    one, other = (open_kit(Options(now=NOW, dataset=name)) for name in (str(idle), "everyday"))
    run(one, chosen)
    run(other, chosen)

    forth, back = compare.compare(one, other).differences, compare.compare(other, one).differences

    for found, sides in ((forth, (compare.EMPTY, compare.FILLED)), (back, (compare.FILLED, compare.EMPTY))):
        assert {(row.where, row.one, row.other) for row in found if row.where == "data.metrics[]"} == {
            ("data.metrics[]", *sides)
        }
        assert all(row.is_of_figures for row in found if row.where == "data.metrics[]")
    assert compare.compare(other, open_kit(Options(now=NOW))).differences == []


def test_one_difference_of_several_reads_is_listed_once(monkeypatch):
    """A member that is missing in every response of an operation is one difference."""
    kit, other = open_kit(Options(now=NOW)), open_kit(Options(now=NOW))
    run(kit, [check for check in all_checks() if check.__name__ in {"test_rows", "test_hours"}])
    send = other.targets["coze"].send

    def without_timezone(call: Call):
        answer = send(call)
        object.__setattr__(answer, "body", answer.body.replace(b'"timezone":"Asia/Shanghai",', b""))
        return answer

    monkeypatch.setattr(other.targets["coze"], "send", without_timezone)
    found = compare.compare(kit, other).differences

    assert [(row.where, row.one, row.other) for row in found] == [("data.timezone", "string", "absent")]
