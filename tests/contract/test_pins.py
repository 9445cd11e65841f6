"""Pins that the kit proposes: they end a difference in figures, and are not proposed for others."""

import json
from datetime import date

import pytest
import yaml

from mockcbs import Settings, create_app
from mockcbs.contract import drift, mends
from mockcbs.contract.cbs import Cbs
from mockcbs.contract.compare import EMPTY, FILLED, Difference, compare
from mockcbs.contract.kit import Kit
from mockcbs.contract.ledger import Ledger
from mockcbs.contract.opening import open_kit
from mockcbs.contract.options import Options
from tests.conftest import BOT, NOW, PROJECT

TODAY = date(2026, 11, 26)
STATS = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats"
ANALYTICS = "/v1/bots/7342866812345678901/analytics"


def difference(
    where: str, kind: str, body: str = "", one: str = "integer", other: str = "absent"
) -> Difference:
    return Difference(f"{kind}?start_time=1", where, one, other, kind=kind, body=body)


def response_of(dataset: str, path: str, query: dict, headers: dict) -> str:
    app = create_app(Settings(now=NOW, dataset=dataset))
    return app.test_client().get(path, query_string=query, headers=headers).text


@pytest.mark.parametrize(
    ("path", "query", "headers"),
    [
        (STATS, {"interval": "day", "start_time": 1, "end_time": NOW}, {"X-Auth-Token": "any"}),
        (
            ANALYTICS,
            {"start_date": "2025-12-15", "end_date": "2025-12-17"},
            {"Authorization": "Bearer pat_mockcbs"},
        ),
    ],
    ids=["CBS", "Coze"],
)
def test_a_pin_reproduces_the_response(path, query, headers, tmp_path):
    """A mock with the written dataset gives the figures of the other server, for any bot."""
    dataset = "coze-sample" if "analytics" in path else "documented-week"
    shown = (
        create_app(Settings(now=NOW, dataset=dataset))
        .test_client()
        .get(path, query_string=query, headers=headers)
    )
    differs = difference("intervals[]", f"GET {path}", shown.text, FILLED, EMPTY)
    (found,) = drift.found(Ledger([]), [differs], "URL", TODAY)

    file = next(one for one in mends.write(tmp_path, found.mends) if one.name == "pinned-1.yaml")

    assert [mend.kind for mend in found.mends] == ["pin", "deviation"]
    pinned = create_app(Settings(dataset=str(file))).test_client()
    again = pinned.get(path, query_string=query, headers=headers).json
    figures = ("data",) if "analytics" in path else ("total", "intervals")
    assert [again[name] for name in figures] == [shown.json[name] for name in figures]
    assert [bot["id"] for bot in yaml.safe_load(file.read_text("utf-8"))["bots"]] == ["*"]


@pytest.mark.parametrize(
    ("where", "one", "other"),
    [
        ("time_zone", "string", "absent"),
        ("total.user_count", "integer", "string"),
        ("total.avg_session_time", "number with 3 decimals", "number with 1 decimals"),
        ("status", "200", "404"),
    ],
)
def test_no_pin_for_a_difference_in_shape(where, one, other):
    """A pin reproduces figures only, so it is not proposed for another member, type or status."""
    query = {"interval": "day", "start_time": 1, "end_time": NOW}
    shown = response_of("documented-week", STATS, query, {"X-Auth-Token": "any"})
    differs = difference(where, f"GET {STATS}", shown, one, other)

    (found,) = drift.found(Ledger([]), [differs], "URL", TODAY)

    assert [mend.kind for mend in found.mends] == ["deviation"]


@pytest.mark.parametrize("kind", ["bot", "workflow"])
def test_a_pin_of_a_workflow_with_traffic(kind, tmp_path):
    """Calls of a workflow, also those without an end, come back with the written dataset."""
    turns = [{"at": f"2025-12-20T1{hour}:00:00Z", "latency_ms": 100 * hour} for hour in range(5)]
    turns += [
        {"at": "2025-12-21T10:00:00Z", "status": "failed"},
        {"at": "2025-12-21T11:00:00Z", "status": "running"},
    ]
    name = "7342866812345678901" if kind == "bot" else "7389589103588700001"
    bot = {"id": name, "card": {"kind": kind}, "sessions": [{"user": "u1", "turns": turns}]}
    source = tmp_path / "source.json"
    source.write_text(json.dumps({"bots": [bot]}), "utf-8")
    path, query = f"/v1/{kind}s/{name}/analytics", {"start_date": "2025-12-20", "end_date": "2025-12-22"}
    headers = {"Authorization": "Bearer pat_mockcbs"}
    shown = response_of(str(source), path, query, headers)
    differs = difference("data.summary.success_rate", f"GET {path}", shown, "number", "null")
    (found,) = drift.found(Ledger([]), [differs], "URL", TODAY)

    file = next(one for one in mends.write(tmp_path, found.mends) if one.name == "pinned-1.yaml")

    pinned = create_app(Settings(dataset=str(file))).test_client()
    again = pinned.get(path, query_string=query, headers=headers).json["data"]
    assert again["summary"]["total_calls"] == 7
    assert again == json.loads(shown)["data"]


def test_pins_end_the_differences(serve, tmp_path):
    """A mock without traffic differs in every list of statistics; a proposed pin ends the difference."""
    source = tmp_path / "source.json"
    turns = [
        {"at": NOW - 9_000_000 + place, "question": text} for place, text in enumerate(["桌面云", "VPN"] * 2)
    ]
    source.write_text(json.dumps({"bots": [{"id": "*", "sessions": [{"turns": turns}]}]}), "utf-8")

    def kit_of(dataset: object, now: int | None = None) -> Kit:
        return open_kit(Options(cbs=serve(create_app(Settings(now=now, dataset=str(dataset))))))

    kit = kit_of(source, NOW)
    for name in ("session-stats", "reply-rates", "hots", "keywords"):
        Cbs.of(kit).get(name)
    without = compare(kit, kit_of("empty", NOW)).differences
    proposals = [drift.found(Ledger([]), [one], "URL", TODAY)[0].mends for one in without]

    left = []
    for proposal, *_ in proposals:
        (file,) = mends.write(tmp_path, [proposal])
        left.append({one.key for one in compare(kit, kit_of(file)).differences})

    assert {one.where for one in without} == {"intervals[]", "questions[]", "keywords[]"}
    assert all(one.key not in keys for one, keys in zip(without, left, strict=True))


def test_a_response_that_nothing_can_give_is_not_pinned():
    """Figures that contradict each other leave the entry for the deviations."""
    body = json.dumps({"total": {"session_count": 1}, "intervals": []})

    differs = difference("total", f"GET {STATS}", body, FILLED, EMPTY)

    (found,) = drift.found(Ledger([]), [differs], "URL", TODAY)

    assert [mend.kind for mend in found.mends] == ["deviation"]
