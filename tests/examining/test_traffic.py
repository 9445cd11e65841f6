"""The traffic of an examined mock."""

from datetime import date

import yaml

from mockcbs import Settings, create_app
from mockcbs.examining.traffic import Question, Session, Traffic, session_ids

BOT = "7342866812345678901"
MONDAY = date(2026, 11, 2)
TRAFFIC = Traffic(
    MONDAY, (Session(0, 0), Session(1, 1439, user=0, questions=(Question(), Question(failed=True))))
)


def test_a_dataset_has_the_sessions(tmp_path):
    """The mock reads a dataset with the sessions, their users, times and outcomes."""
    (tmp_path / "case.yaml").write_text(TRAFFIC.dataset(BOT), "utf-8")
    app = create_app(Settings(dataset=str(tmp_path / "case.yaml")))

    first, second = app.extensions["mockcbs"].dataset.bots[BOT].sessions

    assert first.turns[0].at == TRAFFIC.begin(TRAFFIC.sessions[0])
    assert (first.turns[0].user, second.turns[0].user) == ("user-1", None)
    assert [turn.said.failed for turn in second.turns] == [False, True]
    assert session_ids(TRAFFIC, BOT) == [first.id, second.id]


def test_the_same_in_words():
    """Local times of the zone, or that there is nothing."""
    first, second = TRAFFIC.lines()

    assert first.startswith("2026-11-02 00:00 +08:00 user-1: ")
    assert second.startswith("2026-11-03 23:59 +08:00 nobody: ")
    assert "failed" in second
    assert Traffic(MONDAY).lines() == ["no traffic"]
    assert "seed 7" in Traffic(MONDAY, seed=7).lines()[0]


def test_a_day_begins_in_its_zone():
    """A day begins at another instant in another zone."""
    session = Session(0, 0)

    gap = TRAFFIC.but(zone="UTC").begin(session) - TRAFFIC.begin(session)

    assert gap == 8 * 3_600_000
    assert "traffic" in yaml.safe_load(Traffic(MONDAY, seed=1).dataset(BOT))["bots"][0]


def test_another_bot():
    """On request, a dataset has a second bot with other sessions, so that bots can be mixed up."""
    other, own = yaml.safe_load(TRAFFIC.dataset(BOT, others=True))["bots"]

    assert own == yaml.safe_load(TRAFFIC.dataset(BOT))["bots"][0]
    assert other["id"] != BOT
    assert not {one["id"] for one in other["sessions"]} & {one["id"] for one in own["sessions"]}
