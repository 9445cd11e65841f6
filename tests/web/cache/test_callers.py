"""Callers that the application has checked."""

from mockcbs.datasets.load import Source
from mockcbs.services.cbs import views
from mockcbs.testing.controls import Controls
from mockcbs.web.cache.callers import listening
from tests.web.cache.reads import NOW, READS, WEEK_AGO, ask, token


def test_status_and_headers_are_passed_on():
    """Who listens to a response does not keep it."""
    started = []
    head, listen = listening(lambda *given: started.append(given))

    listen("200 OK", [("X-A", "1")])

    assert head == ["200 OK", [("X-A", "1")]]
    assert started == [("200 OK", [("X-A", "1")], None)]


def test_a_known_caller_is_not_checked_again(controls, computed, dispatched):
    """Another query of the same caller is checked and computed without most of Flask."""
    urls = [f"{READS[0]}&start_time={WEEK_AGO + number}" for number in range(5)]

    statuses = [ask(controls, url, "any")[0] for url in [*urls, f"{READS[0]}&start_time=soon"]]

    assert statuses == [200] * 5 + [400]
    assert len(computed) == 5
    assert [query.partition("start_time=")[2] for query in dispatched] == [
        str(WEEK_AGO),
        str(WEEK_AGO + 1),
        "soon",
    ]
    assert [entry.call.query.get("start_time") for entry in controls.journal][:3] == [
        str(WEEK_AGO + number) for number in range(3)
    ]


def test_a_bug_is_told_by_the_application(controls, monkeypatch):
    """A bug is reported also if it occurs with another query of a known caller."""
    monkeypatch.setitem(controls.app.config, "PROPAGATE_EXCEPTIONS", False)
    for _ in range(3):
        ask(controls, READS[0], "any")
    monkeypatch.setattr(views, "note_surprises", lambda *_: 1 // 0)

    status, _, body, _ = ask(controls, f"{READS[0]}&start_time=1", "any")

    assert status == 500
    assert b"ZeroDivisionError" in body


def test_a_known_caller_is_checked_again_when_the_dataset_is_another():
    """A strict mock refuses bots that a new dataset does not name, also cached ones."""
    controls = Controls(now=NOW, strict=True)
    issued = token(controls)
    for number in range(3):
        ask(controls, f"{READS[0]}&start_time={WEEK_AGO + number}", issued)

    controls.state.choose_dataset(Source("other", "bots: []"))

    assert ask(controls, f"{READS[0]}&start_time={WEEK_AGO + 9}", issued)[0] == 400
