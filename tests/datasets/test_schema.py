"""Dataset files: their content, and the errors about wrong content."""

import pytest

from mockcbs.core.clock import instant
from mockcbs.datasets.errors import DatasetError
from mockcbs.datasets.load import load
from mockcbs.traffic.dataset import Dataset
from tests.datasets.files import write

BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"


def turns(dataset: Dataset) -> list:
    return [turn for bot in dataset.bots.values() for session in bot.sessions for turn in session.turns]


def test_sessions_are_read_word_for_word(tmp_path):
    """Times in ms or ISO 8601, users by session or by turn, and every member of a turn arrive as stated."""
    file = write(
        tmp_path,
        f"""
        description: Two ways to write an instant
        now: 2021-02-19T15:49:25.417+08:00
        default_start: week
        bots:
          - id: {BOT.upper()}
            sessions:
              - id: s1
                user: u1
                turns:
                  - {{at: 1613268000000, question: 你好, outcome: chat, latency_ms: 12}}
                  - {{at: 2021-02-14T10:01:18+08:00, outcome: notmatch, status: failed, user: u2}}
              - turns: [{{at: "2021-02-14 02:00:00", pair: 桌面云打不开, domain: 桌面云}}]
        """,
    )

    dataset = load(file)

    first, second, third = turns(dataset)
    assert (dataset.name, dataset.now, dataset.default_start) == ("mine", 1613720965417, "week")
    assert (first.at, first.user, first.said.question, first.latency_ms) == (1613268000000, "u1", "你好", 12)
    assert (second.at, second.user, second.said.failed) == (1613268078000, "u2", True)
    assert (third.at, third.user) == (instant("2021-02-14T02:00:00Z"), None)
    assert third.said.pair.question == "桌面云打不开"
    assert third.said.domain == "桌面云"


def test_a_question_the_knowledge_base_holds_hits_its_pair(tmp_path):
    """A direct turn belongs to the pair whose standard or extended question it has."""
    file = write(
        tmp_path,
        """
        knowledge:
          pairs: [{question: 桌面云打不开, domain: 桌面云, variants: [桌面云坏了], id: p1}]
        bots:
          - id: "*"
            sessions: [{turns: [{at: 0, question: 桌面云坏了}]}]
        """,
    )

    (turn,) = turns(load(file))

    assert turn.said.pair.pair_id == "p1"
    assert turn.said.domain == "桌面云"


def test_workflows_run_as_workflows(tmp_path):
    """The card of a workflow sets the duration of its runs, unless the profile does."""
    file = write(
        tmp_path,
        """
        bots:
          - {id: "7389589103588700001", traffic: {}, card: {kind: workflow}}
          - {id: "7389589103588700002", traffic: {}, profile: {engine: model}, card: {kind: chatflow}}
          - {id: "7389589103588700003", traffic: {}}
        """,
    )

    engines = [bot.profile.engine for bot in load(file).bots.values()]

    assert engines == ["workflow", "model", None]


MISTAKES = {
    "bots: [{id: abc}]": (1, "bots[0].id: 'abc' is not a UUID or 16 to 20 digits, or '*'"),
    "bots:\n- id: '*'\n  trafic: {}": (
        3,
        (
            "trafic: unknown key; accepted here: id, name, traffic, profile, sessions, card, knowledge; "
            "did you mean 'traffic'?"
        ),
    ),
    "bots:\n- id: '*'\n  profile: {character: bank}": (
        3,
        "profile.character: 'bank' is not one of office, shop, service_desk, student",
    ),
    "bots:\n- id: '*'\n  profile: {hours: [1, 2]}": (3, "profile.hours: "),
    "bots:\n- id: '*'\n  profile: {burst_percent: 31}": (3, "burst_percent: 31 is not between 0 and 30"),
    "bots:\n- id: '*'\n  profile: {growth_since: soon}": (
        3,
        "profile.growth_since: 'soon' is not a date such as 2026-11-11",
    ),
    "bots:\n- id: '*'\n  profile: {campaigns: [{first: 2026-11-11, last: 2026-11-10, percent: 9}]}": (
        3,
        "lies before first",
    ),
    "bots:\n- id: '*'\n  sessions:\n  - turns:\n    - at: 1613700046": (
        5,
        "turns[0].at: 1613700046 has the digits of seconds; write milliseconds: 1613700046000",
    ),
    "bots:\n- id: '*'\n  sessions:\n  - turns:\n    - at: 1\n      outcome: solved": (
        6,
        "bots[0].sessions[0].turns[0].outcome: 'solved' is not one of direct, recommend, notmatch",
    ),
    "bots:\n- id: '*'\n  sessions:\n  - turns:\n    - at: yesterday": (
        5,
        "bots[0].sessions[0].turns[0].at: 'yesterday' is neither epoch milliseconds",
    ),
    "bots:\n- id: '*'\n  sessions:\n  - turns:\n    - outcome: chat": (5, "turns[0].at: is missing"),
    "bots:\n- id: '*'\n  sessions:\n  - turns: []": (4, "a session needs at least one turn"),
    "bots:\n- id: '*'\n  sessions:\n  - {id: a, turns: [{at: 1}]}\n  - {id: a, turns: [{at: 1}]}": (
        5,
        "'a' occurs twice",
    ),
    "bots:\n- {id: '*'}\n- {id: '*'}": (3, "'*' occurs twice"),
    "bots:\n- id: '*'\n  traffic: {sessions_per_day: 1.5}": (
        3,
        "1.5 is not a whole number between 0 and 1000000",
    ),
    "bots:\n- id: 7342866812345678901": (2, "bots[0].id: 7342866812345678901 is not text; quote it"),
    "bots:\n- id: '*'\n  card: {owned: maybe}": (3, "bots[0].card.owned: 'maybe' is not true or false"),
    "bots:\n- id: '*'\n  traffic: {sessions_per_day: -1}": (3, "-1 is not between 0 and 1000000"),
    "bots:\n- id: '*'\n  traffic: {time_zone: Mars}": (
        3,
        "'Mars' is neither UTC nor an offset such as +08:00",
    ),
    "bots:\n- id: '*'\n  traffic: {outcomes: {solved: 1}}": (3, "'solved' is not one of direct"),
    "bots:\n- id: '*'\n  traffic: {outcomes: {direct: 0}}": (
        3,
        "at least one outcome needs a weight above 0",
    ),
    "bots: []\nknowledge: nowhere": (
        2,
        "no knowledge base 'nowhere': give a YAML file or one of campus, clinic, cloud-en, office, shop",
    ),
    "bots: []\nknowledge: {pairs: [{answer: x}]}": (2, "knowledge.pairs[0].question: is missing"),
    "bots: []\nknowledge:\n  busy_hours: {网络: '9-5'}": (
        3,
        "knowledge.busy_hours.网络: '9-5' is not a span of hours such as '19-23' or 'mon:8-11'; quote it",
    ),
    "bots: []\nknowledge:\n  tables:\n  - {id: t, columns: [a, b], rows: [[x]]}": (
        4,
        "knowledge.tables[0].rows[0]: has 1 values for 2 columns",
    ),
    "bots: []\nknowledge: {skills: [{name: a, slots: [{name: b}]}]}": (
        2,
        "knowledge.skills[0].slots[0].ask: is missing",
    ),
    "bots: []\nbots: []": (2, "'bots' occurs twice"),
    "bots: [": (2, "a value or a closing bracket is missing here"),
    "bots: &a [*a]": (1, "more than 2000000 values"),
    "bots:\n- id: '*'\n  sessions: [{user: 7, turns: [{at: 1}]}]": (
        3,
        "sessions[0].user: 7 is not text; quote it",
    ),
    "- 1": (1, "must be a mapping of keys to values"),
    "": (1, "bots: is missing"),
    "bots: []\nnow: 1969-12-31T00:00:00Z": (2, "is not between 1970 and 2099"),
    "bots: !!python/object/apply:os.system [ls]": (1, "an unknown tag ("),
}


@pytest.mark.parametrize("text", MISTAKES, ids=lambda text: " ".join(text.split())[:60])
def test_a_mistake_is_named_with_its_line(tmp_path, text):
    """The message begins with file and line, and names the key, the value and what is accepted."""
    line, words = MISTAKES[text]
    file = write(tmp_path, text)

    with pytest.raises(DatasetError) as caught:
        load(file)

    message = str(caught.value)
    assert message.startswith(f"{file}:{line}: "), message
    assert words in message


def test_an_unknown_name_lists_the_datasets():
    """The error for a misspelt name lists the known names."""
    with pytest.raises(
        DatasetError, match=r"no dataset 'everday': give a YAML file or one of .*did you mean 'everyday'\?"
    ):
        load("everday")


def test_what_ships_is_read_once_and_a_file_of_the_users_own_each_time(tmp_path):
    """A fresh mock for every test costs no parsing; a file edited between two mocks counts as it now is."""
    shipped = [load("everyday"), load("everyday")]
    own = [load(write(tmp_path, f"description: {word}\nbots: []")) for word in ("before", "after")]

    assert shipped[0] is shipped[1]
    assert [dataset.description for dataset in own] == ["before", "after"]
    assert own[0].knowledge is own[1].knowledge is shipped[0].knowledge
