"""``serve --watch``: files that change while the mock runs."""

import logging

import pytest

from mockcbs import Mock, Settings, create_app
from mockcbs.core.errors import UserError
from mockcbs.server.watch import Watch
from tests.conftest import BOT, NOW, PROJECT

STATS = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats?interval=year"
TURNS = "  - turns:\n    - at: 2026-02-01T00:00:00Z\n"


def sessions(mock):
    found = mock.app.test_client().get(STATS, headers={"X-Auth-Token": "a"}).json
    return found["total"]["session_count"]


@pytest.fixture
def dataset(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(f"bots:\n- id: {BOT}\n  sessions:\n{TURNS}", "utf-8")
    return file


@pytest.fixture
def look(caplog):
    """Looks at the files of a mock twice; gives what was logged meanwhile."""
    caplog.set_level(logging.INFO, "mockcbs")

    def look(watch):
        caplog.clear()
        watch.work()
        watch.work()
        return [record.getMessage() for record in caplog.records]

    return look


def write(file, text):
    """Replace the content of a file, as editors do."""
    other = file.with_suffix(".new")
    other.write_text(text, "utf-8")
    other.replace(file)


def test_a_dataset_that_changes(dataset, look):
    """A changed dataset is read again, and the differences are logged; recorded turns stay."""
    mock = Mock(dataset=dataset, now=NOW)
    watch = Watch(mock.state)
    mock.ask(BOT, "hello")
    assert look(watch) == []

    write(dataset, f"bots:\n- id: {BOT}\n  sessions:\n{TURNS}{TURNS}")
    (told,) = look(watch)

    assert told.endswith(f"mine.yaml was read again: bot {BOT}: 1 → 2 stated sessions")
    assert sessions(mock) == 3
    mock.reset()
    assert sessions(mock) == 2
    assert look(watch) == []


def test_a_broken_dataset(dataset, look):
    """A mistake is reported once with its line, and the former dataset stays until it is corrected."""
    mock = Mock(dataset=dataset, now=NOW)
    watch = Watch(mock.state)
    good = dataset.read_text("utf-8")

    write(dataset, good + "bot: []\n")
    (told,) = look(watch)
    assert "cannot be used, the former one stays: " in told
    assert f"{dataset}:6: bot: unknown key" in told
    assert look(watch) == []
    assert sessions(mock) == 1
    dataset.unlink()
    assert "No such file" in look(watch)[0]
    write(dataset, good + TURNS)
    assert "1 → 2 stated sessions" in look(watch)[0]


def test_half_of_a_file(dataset, look):
    """A file that still changes is not read."""
    watch = Watch(Mock(dataset=dataset, now=NOW).state)
    look(watch)

    for number in range(3):
        write(dataset, f"bots: []\n# {number}" * (number + 1))
        watch.work()

    assert len(look(watch)) == 1


def test_a_knowledge_base_that_changes(dataset, look, tmp_path):
    """The knowledge base file of the dataset is watched, too."""
    knowledge = tmp_path / "own.yaml"
    knowledge.write_text("pairs: []\n", "utf-8")
    dataset.write_text(f"{dataset.read_text('utf-8')}knowledge: {knowledge}\n", "utf-8")
    mock = Mock(dataset=dataset, now=NOW)
    watch = Watch(mock.state)

    write(knowledge, "pairs: [{question: 新问题, answer: 好}]\n")

    assert "the knowledge base changed" in look(watch)[0]
    assert mock.ask(BOT, "新问题").said.outcome == "direct"


def test_a_dataset_that_was_chosen_is_shown_on(dataset, look):
    """The file takes the place of the dataset of the start, to which a reset returns."""
    mock = Mock(dataset=dataset, now=NOW)
    watch = Watch(mock.state)
    mock.app.test_client().put("/_mockcbs/dataset", json={"dataset": "empty"})

    write(dataset, f"bots:\n- id: {BOT}\n  sessions:\n{TURNS}{TURNS}")

    assert look(watch)[1] == "dataset empty, which was chosen since, is shown until a reset"
    assert sessions(mock) == 0
    mock.reset()
    assert sessions(mock) == 2


def test_a_scenario_that_changes(tmp_path, look):
    """A changed scenario begins anew, also after a reset; an invalid one is reported."""
    file = tmp_path / "trouble.yaml"
    file.write_text("rules: [{answer: {error: CBS.0031}}]\n", "utf-8")
    app = create_app(Settings(now=NOW, scenario=file))
    mock = app.extensions["mockcbs"]
    watch = Watch(mock)

    write(file, "rules: [{answer: {status: 503}}]\n")
    (told,) = look(watch)

    assert told.endswith("trouble.yaml was read again; number of rules: 1")
    http = app.test_client()
    assert http.get(STATS, headers={"X-Auth-Token": "a"}).status_code == 503
    mock.reset()
    assert http.get(STATS, headers={"X-Auth-Token": "a"}).status_code == 503
    write(file, "rule: []\n")
    assert "rule: unknown key" in look(watch)[0]


def test_without_a_file():
    """Without a file there is nothing to watch."""
    with pytest.raises(UserError, match="--dataset FILE or --scenario FILE"):
        Watch(Mock(now=NOW).state)
