"""Law 10: the turns behind a figure, put through the printed formula, give exactly that figure."""

import json
import re
from collections import Counter
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcbs import Mock
from mockcbs.datasets.load import load
from mockcbs.services import registry
from mockcbs.traffic.bots import Profile
from mockcbs.traffic.generate import Generator
from mockcbs.traffic.numbering import Cast
from tests.conftest import BOT, NOW, PROJECT
from tests.control.test_explain import explain
from tests.thoroughness import examples

DAY = 86_400_000
CBS_BOT, X_TOKEN = f"/v1/{PROJECT}/qabots/{BOT}", {"X-Auth-Token": "t"}
COZE_BOT, WORKFLOW = "7342866812345678901", "7342866812345678902"
EDGE = NOW - 7 * DAY
"""Where ranges end: one turn lies in it, two 1 ms after it."""
DATASET = f"""
bots:
  - id: {BOT}
    traffic: {{sessions_per_day: 8, users: 9, retention_days: 40, anonymous_percent: 30}}
    sessions:
      - id: long
        user: u1
        turns:
          - {{at: {NOW - 2 * DAY}, question: 桌面云打不开, outcome: direct}}
          - {{at: {NOW - 2 * DAY + 900}, question: 还是打不开, outcome: notmatch}}
          - {{at: {NOW - 2 * DAY + 2100}, question: 桌面云打不开, outcome: direct, user: u2}}
          - {{at: {NOW + 60_000}, question: 还是打不开, outcome: notmatch, user: u3}}
      - id: quick
        turns:
          - {{at: {EDGE}, question: 桌面云打不开, outcome: direct}}
          - {{at: {EDGE + 1}, question: 还是打不开, outcome: notmatch}}
      - id: later
        user: u4
        turns:
          - {{at: {EDGE + 1}, question: 桌面云打不开, outcome: direct}}
  - id: "{COZE_BOT}"
    traffic: {{sessions_per_day: 9, users: 5, retention_days: 40, anonymous_percent: 30}}
    sessions:
      - id: "9001"
        user: u1
        turns:
          - {{at: {NOW - DAY}, question: 你好, outcome: chat, status: failed, latency_ms: 3001}}
          - {{at: {NOW - DAY}, question: 你好, outcome: chat, latency_ms: 30}}
  - id: "{WORKFLOW}"
    card: {{kind: workflow}}
    traffic: {{sessions_per_day: 5, users: 5, retention_days: 40, anonymous_percent: 30}}
"""


def generated_user() -> str:
    """A user of the generated sessions of `COZE_BOT`."""
    profile = Profile(sessions_per_day=9, users=5, retention_days=40, anonymous_percent=30)
    generator = Generator(42, COZE_BOT, profile, load("everyday").knowledge)
    turns, _ = generator.turns_of(range(NOW // DAY - 9, NOW // DAY))
    return Cast().name(int(turns.user.max()))


GENERATED = generated_user()


@pytest.fixture(scope="module")
def mock(tmp_path_factory):
    """A mock with generated, stated and recorded turns, some of them of other scopes."""
    file = tmp_path_factory.mktemp("explaining") / "dataset.yaml"
    file.write_text(DATASET, "utf-8")
    made = Mock(dataset=file, now=NOW)
    for number in range(12):
        at = NOW - number * DAY // 3
        for bot, scope in (
            (BOT, {"project": "0" * 32}),
            (BOT, {}),
            (COZE_BOT, {}),
            (COZE_BOT, {"token": "t"}),
        ):
            made.ask(bot, "桌面云打不开", user=f"u{number % 3}", session=f"s{number // 2}", at=at, **scope)
    return made


@pytest.fixture(scope="module")
def client(mock):
    return mock.app.test_client()


# The formulas, read by a reader that knows nothing of the mock


def _sessions(turns):
    return {(turn["session_id"], turn["recorded"]) for turn in turns}


def _seconds(turns):
    begun, ended = {}, {}
    for turn in turns:
        key = turn["session_id"], turn["recorded"]
        begun.setdefault(key, turn["at_ms"] // 1000)
        ended[key] = turn["at_ms"] // 1000
    return sum(ended[key] - begun[key] for key in begun)


TERMS = {
    r"count\(turns\)": len,
    r"count\(turns with (outcome|status) (\w+)\)": lambda turns, name, value: sum(
        turn[name] == value for turn in turns
    ),
    r"count\(distinct user_id\)": lambda turns: len({turn["user_id"] for turn in turns}),
    r"count\(distinct session_id, recorded\)": lambda turns: len(_sessions(turns)),
    r"sum\(latency_ms\)": lambda turns: sum(turn["latency_ms"] for turn in turns),
    r"sum over turns \(length of events\)": lambda turns: sum(len(turn["events"]) for turn in turns),
    r"sum over turns \(how often keywords holds '(.*)'\)": lambda turns, word: sum(
        turn["keywords"].count(word) for turn in turns
    ),
    r"1000 \* sum over sessions \(floor\(last at_ms / 1000\) - floor\(first at_ms / 1000\)\)": lambda turns: (
        1000 * _seconds(turns)
    ),
    r"at_ms": lambda turns: turns[0]["at_ms"],
    r"latency_ms": lambda turns: turns[0]["latency_ms"],
}


def _term(text, turns):
    for pattern, compute in TERMS.items():
        if found := re.fullmatch(pattern, text):
            return compute(turns, *found.groups())
    if " + " in text:
        return sum(_term(part, turns) for part in text.split(" + "))
    raise AssertionError(f"no such term: {text}")


def _ranked(turns, number):
    counts = Counter((turn["qa_pair_id"], turn["domain"]) for turn in turns)
    texts = {turn["qa_pair_id"]: turn["st_question"] for turn in turns}
    pair, domain = sorted(counts, key=lambda key: (-counts[key], key[0]))[number - 1]
    return {"qa_pair_id": pair, "st_question": texts[pair], "domain": domain}


def _ranked_words(turns, number):
    counts = Counter(word for turn in turns for word in turn["keywords"])  # in the order of appearance
    word, count = sorted(counts.items(), key=lambda item: -item[1])[number - 1]
    return {"keyword": word, "freq": str(count)}


def recompute(formula, turns):
    """What *formula* makes of *turns*, as text; and what it divides, before rounding."""
    if found := re.search(r"number (\d+), as qa_pair_id", formula):
        return _ranked(turns, int(found[1])), None
    if found := re.search(r"number (\d+), as keyword", formula):
        return _ranked_words(turns, int(found[1])), None
    formula, _, otherwise = formula.partition("; ")
    from_one = re.fullmatch(r"1 - \((.*)\)", formula)
    parts = re.fullmatch(
        r"(.*) / (.*), rounded half up to (\d) decimals", from_one[1] if from_one else formula
    )
    if not parts and not turns and "(" not in formula:
        return "", None  # the one turn is missing
    if not parts:
        value = _term(formula, turns)
        return str(value), value
    numerator, denominator, places = _term(parts[1], turns), _term(parts[2], turns), int(parts[3])
    if not denominator:
        return otherwise.partition(" ")[0], None
    units = floor(Fraction(numerator, denominator) * 10**places + Fraction(1, 2))
    if from_one:
        units = 10**places - units
    return f"{units // 10**places}.{units % 10**places:0{places}}", (numerator, denominator)


def bytes_at(body: str, figure: str):
    """What stands at a path of *body*, numbers as they are written."""
    found = json.loads(body, parse_float=str, parse_int=str)
    for name, place in re.findall(r"([a-z_]+)|\[(\d+)\]", figure):
        found = found[name] if name else found[int(place)]
    return found


def all_turns(client, target, figure):
    first = explain(client, target, figure=figure, page_size=1000)
    turns, page = list(first["turns"]), first
    while page["next_page_token"]:
        page = explain(client, target, figure=figure, page_size=1000, page_token=page["next_page_token"])
        turns += page["turns"]
    return first, turns


INSTANT = st.none() | st.integers(NOW - 45 * DAY, NOW + 2 * DAY)
ZONE = st.none() | st.sampled_from(["UTC", "+08:00", "-09:30"])
INTERVAL = st.sampled_from(["day", "week", "month", "year"])
DATE = st.integers(0, 12).map(lambda back: f"2026-11-{20 - back:02}")
CBS = st.one_of(
    st.tuples(
        st.just("requests/session-stats"),
        st.fixed_dictionaries(
            {"interval": INTERVAL, "start_time": INSTANT, "end_time": INSTANT, "time_zone": ZONE}
        ),
    ),
    st.tuples(
        st.just("requests/reply-rates"),
        st.fixed_dictionaries(
            {
                "interval": INTERVAL,
                "start_time": INSTANT,
                "end_time": INSTANT,
                "time_zone": ZONE,
                "domain": st.sampled_from([None, None, "桌面云"]),
            }
        ),
    ),
    st.tuples(
        st.just("qa-pairs/hots"),
        st.fixed_dictionaries(
            {
                "start_time": INSTANT,
                "end_time": INSTANT,
                "top": st.integers(1, 20),
                "domain": st.sampled_from([None, "桌面云"]),
                "exclude": st.sampled_from([None, "true"]),
            }
        ),
    ),
    st.tuples(
        st.just("requests/keywords"),
        st.fixed_dictionaries({"start_time": INSTANT, "end_time": INSTANT, "top": st.integers(1, 50)}),
    ),
).map(lambda case: (f"{CBS_BOT}/{case[0]}", case[1], X_TOKEN))
FILTERS = {
    "user_id": st.sampled_from([None, None, "u1", GENERATED, "nobody"]),
    "session_id": st.sampled_from([None, None, None, "9001", "s1"]),
    "connector_id": st.sampled_from([None, None, None, "1024", "999"]),
}
AGENT = st.sampled_from([f"/v1/bots/{COZE_BOT}", f"/v1/workflows/{WORKFLOW}"])
COZE = st.one_of(
    st.tuples(AGENT, st.just("/analytics"), st.fixed_dictionaries({
        "start_date": DATE,
        "end_date": DATE,
        "granularity": st.sampled_from([None, "day", "hour"]),
        **FILTERS,
    })),
    st.tuples(AGENT, st.just("/analytics/logs"), st.fixed_dictionaries({
        "start_date": DATE,
        "end_date": DATE,
        "event_type": st.sampled_from([None, "message.sent", "session.started,execution.failed"]),
        "status": st.sampled_from([None, "success"]),
        "page_num": st.integers(1, 3),
        **FILTERS,
    })),
).map(lambda case: (case[0] + case[1], case[2], {"Authorization": "Bearer pat_mockcbs"}))  # fmt: skip


def answered(client, request):
    """The target of a request, and the text of its response; `None` if it is refused."""
    path, query, headers = request
    given_ = {name: value for name, value in query.items() if value is not None}
    response = client.get(path, query_string=given_, headers=headers)
    if response.status_code != 200:
        return None
    return response.request.full_path, response.text


@settings(max_examples=examples(40))
@given(request=CBS | COZE, data=st.data())
def test_listed_turns_give_the_figure(client, request, data):
    """The listed turns give the bytes of the response by the printed formula, and each turn matters."""
    if not (found := answered(client, request)):
        return
    target, body = found
    figures = [row["figure"] for row in explain(client, target, page_size=1000)["figures"]]
    if not figures:
        return
    for figure in data.draw(st.lists(st.sampled_from(figures), min_size=1, max_size=6, unique=True)):
        _check(client, target, figure, bytes_at(body, figure))


def _check(client, target, figure, written):
    why, turns = all_turns(client, target, figure)
    value, parts = recompute(why["formula"], turns)

    if "avg_response" in figure or ("_rate" in figure and figure.startswith("data.")):
        value = repr(float(value)) if "." in value else value  # a number without needless zeros
    assert value == written
    assert why["count"] == len(turns)
    for place in range(len(turns) if parts is not None else 0)[:: max(1, len(turns) // 30)]:
        assert recompute(why["formula"], turns[:place] + turns[place + 1 :])[1] != parts


EDGES = f"start_time={EDGE - 3 * DAY}&end_time={EDGE}"
TOKEN = {"Authorization": "Bearer pat_mockcbs"}


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        (f"{CBS_BOT}/requests/session-stats?interval=month", X_TOKEN),
        (f"{CBS_BOT}/requests/session-stats?interval=day&{EDGES}", X_TOKEN),
        (f"{CBS_BOT}/requests/reply-rates?interval=week", X_TOKEN),
        (f"{CBS_BOT}/requests/reply-rates?interval=week&{EDGES}&domain=%E6%A1%8C%E9%9D%A2%E4%BA%91", X_TOKEN),
        (f"{CBS_BOT}/qa-pairs/hots?top=3&{EDGES}", X_TOKEN),
        (f"{CBS_BOT}/requests/keywords?top=50&{EDGES}", X_TOKEN),
        (f"/v1/bots/{COZE_BOT}/analytics?start_date=2026-11-19&end_date=2026-11-22", TOKEN),
        (f"/v1/workflows/{WORKFLOW}/analytics?start_date=2026-11-19&end_date=2026-11-22", TOKEN),
        (f"/v1/bots/{COZE_BOT}/analytics/logs?start_date=2026-11-21&end_date=2026-11-22", TOKEN),
    ],
)
def test_every_figure_of_a_response(client, target, headers):
    """The law holds for each figure, also at the edges of a range and around now."""
    body = client.get(target, headers=headers).text
    figures = [row["figure"] for row in explain(client, target, page_size=1000)["figures"]]

    assert figures
    for figure in figures:
        _check(client, target, figure, bytes_at(body, figure))


@settings(max_examples=examples(40))
@given(request=CBS | COZE, data=st.data())
def test_every_turn_counts_or_is_left_out(mock, client, request, data):
    """Listed and omitted turns together are all turns of the log; every omitted turn has one reason."""
    if not (found := answered(client, request)):
        return
    figures = [row["figure"] for row in explain(client, found[0], page_size=1000)["figures"]]
    if not figures:
        return

    why = explain(client, found[0], figure=data.draw(st.sampled_from(figures)))

    bot_id = re.search("(qabots|bots|workflows)/([^/]+)", found[0])[2]
    scope = registry.default_scope(bot_id, mock.settings)
    kept = len(mock.state.log.bot(bot_id, NOW, scope).view.turns)
    left = sum(row["count"] for row in why["left_out"] if row["unit"] == "turns" and row["code"] != "scope")
    assert why["count"] + left == kept


def test_a_generated_user_has_turns(mock):
    """The user by whom requests are filtered exists."""
    log = mock.app.extensions["mockcbs"].log.bot(COZE_BOT, NOW)

    assert log.cast.find(GENERATED) in set(log.view.turns.user.tolist())
