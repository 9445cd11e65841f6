"""Law 4: a turn recorded through any dialogue call is in every statistic at once, where it belongs."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from mockcbs.core.clock import Clock
from mockcbs.core.numbers import rounded
from mockcbs.traffic.words.keywords import KeywordExtractor
from tests.conftest import BOT, NOW, PROJECT
from tests.services.cbs.conversing import Talk
from tests.thoroughness import examples

DATASET = """
knowledge:
  pairs:
    - {id: p1, question: 桌面云打不开, domain: 桌面云, variants: [点了桌面云没反应]}
    - {id: p2, question: 怎么开发票, domain: 费用}
    - {id: p3, question: 打印机没墨了找谁}
  small_talk: [{question: 你好, answer: 您好}]
  skills: [{name: 签到, utterances: [我要签到]}]
  keywords: [桌面云, 发票, 打印机]
bots: [{id: "*"}]
"""

SAID = {
    "桌面云打不开": ("direct", "p1"),
    "点了桌面云没反应！": ("direct", "p1"),
    "桌面云": ("recommend", "p1"),
    "怎么开发票": ("direct", "p2"),
    "打印机没墨了找谁": ("direct", "p3"),
    "量子计算": ("notmatch", None),
    "你好": ("chat", None),
    "我要签到": ("dialog", None),
    "？！": ("invalid", None),
}
"""What every question comes to if skills and small talk are allowed, and the pair it belongs to."""
DOMAINS = {"p1": "桌面云", "p2": "费用", "p3": ""}
SINGLE = {"我要签到": ("notmatch", None)}
"""Where single round differs: it knows no skills."""

LIFE = 120_000
BOTS = [(PROJECT, BOT), (PROJECT, BOT.replace("3", "4")), ("0" * 31 + "1", BOT)]
QUESTIONS = st.sampled_from([*SAID])
USERS = st.sampled_from(["", "anna", "ben", "user-10000001"])
OWNERS = st.sampled_from(BOTS)
keywords_of = KeywordExtractor(["桌面云", "发票", "打印机"])


@dataclass
class Round:
    """A question as the model knows it."""

    at: int
    session: str
    user: str
    question: str
    outcome: str
    pair: str | None


@dataclass
class Model:
    """What should have been counted for one bot of one project."""

    rounds: list[Round] = field(default_factory=list)
    alive: dict[str, int] = field(default_factory=dict)
    """When each session that is open gave its last answer."""

    def session_stats(self) -> dict:
        """Contract 8.3, word for word."""
        total = self._session_figures({one.session for one in self.rounds})
        days = {session: _day(self._of(session)[0].at) for session in {one.session for one in self.rounds}}
        return {
            "total": total,
            "intervals": [
                {**self._session_figures({s for s in days if days[s] == day}), "start": day}
                for day in sorted(set(days.values()))
            ],
        }

    def reply_rates(self, domain: str | None) -> dict:
        """Each question in one count, on the day it was asked."""
        asked = [one for one in self.rounds if domain is None or DOMAINS.get(one.pair or "") == domain]
        days = groupby(asked, lambda one: _day(one.at))
        return {
            "total": _outcomes(asked),
            "intervals": [{"start": day, **_outcomes(list(those))} for day, those in days],
        }

    def hot_questions(self) -> list[str]:
        """Direct hits, most first, then by id."""
        hits = Counter(one.pair for one in self.rounds if one.outcome == "direct")
        return sorted(hits, key=lambda pair: (-hits[pair], pair))

    def keywords(self) -> list[tuple[str, int]]:
        """Words by frequency, then by first appearance."""
        return Counter(word for one in self.rounds for word in keywords_of(one.question)).most_common()

    def _of(self, session: str) -> list[Round]:
        return [one for one in self.rounds if one.session == session]

    def _session_figures(self, sessions: set[str]) -> dict:
        held = [self._of(session) for session in sessions]
        seconds = sum(those[-1].at // 1000 - those[0].at // 1000 for those in held)
        return {
            "session_count": len(held),
            "user_count": len({one.user for those in held for one in those} - {""}),
            "avg_request_count": float(rounded(sum(map(len, held)), len(held), 3)),
            "avg_session_time": float(rounded(1000 * seconds, len(held), 3)),
        }


def _day(at: int) -> str:
    return datetime.fromtimestamp(at // 1000, UTC).date().isoformat()


def _outcomes(rounds: list[Round]) -> dict[str, int]:
    counts = Counter(f"{one.outcome}_count" for one in rounds)
    return {"question_count": len(rounds), **counts}


def _shown(figures: dict) -> dict:
    """The counts above 0, and the start."""
    return {
        name: value
        for name, value in figures.items()
        if name in {"start", "question_count"} or (name.endswith("_count") and value)
    }


class Dialogues(RuleBasedStateMachine):
    """Random calls on three bots of two projects; after each, every statistic agrees with the model."""

    app = None
    sessions = Bundle("sessions")
    requests = Bundle("requests")

    @initialize()
    def start(self):
        """Start anew, shortly before midnight."""
        self.mock = self.app.extensions["mockcbs"]
        self.app.test_client().post("/_mockcbs/reset")
        self.mock.clock = Clock(NOW - 200_000)
        self.models = {owner: Model() for owner in BOTS}
        self.touched = set(BOTS)

    def talk(self, owner) -> Talk:
        """Talk to a bot, whose statistics are then compared."""
        self.touched.add(owner)
        return Talk(self.app, *owner)

    def record(self, owner, session, user, question, said) -> None:
        """Note a question in the model."""
        now = self.mock.clock.now()
        self.models[owner].rounds.append(Round(now, session, user, question, *said))

    def lives(self, owner, session) -> bool:
        """Whether a session of the bot is open."""
        last = self.models[owner].alive.get(session)
        return last is not None and self.mock.clock.now() - last <= LIFE

    @rule(target=sessions, owner=OWNERS, question=QUESTIONS, user=USERS)
    def chat_anew(self, owner, question, user):
        """A question without a session, or with one nobody knows, opens one."""
        return owner, self.chat(owner, question, user, "unknown")["session_id"]

    @rule(target=requests, owner=OWNERS, question=QUESTIONS, user=USERS, session=sessions)
    def chat_on(self, owner, question, user, session):
        """A question goes on in its session if that lives and is the bot's own."""
        _, session_id = session
        before = self.lives(owner, session_id)
        answer = self.chat(owner, question, user, session_id)
        assert (answer["session_id"] == session_id) == before
        return owner, answer["request_id"]

    def chat(self, owner, question, user, session_id):
        """Ask, and note it."""
        answer = self.talk(owner).chat(question, user_id=user, session_id=session_id, chat_enable=True)
        self.models[owner].alive[answer["session_id"]] = self.mock.clock.now()
        self.record(owner, answer["session_id"], user, question, SAID[question])
        return answer

    @rule(target=requests, owner=OWNERS, question=QUESTIONS, user=USERS, session=st.sampled_from("ab"))
    def single(self, owner, question, user, session):
        """Single round counts under the caller's own session id."""
        answer = self.talk(owner).post("/requests", question=question, user_id=user, session_id=session)
        self.record(owner, session, user, question, SINGLE.get(question, SAID[question]))
        return owner, answer["request_id"]

    @rule(target=sessions, owner=OWNERS)
    def open(self, owner):
        """An opened session is not counted before its first question."""
        session_id = self.talk(owner).post("/sessions")["session_id"]
        self.models[owner].alive[session_id] = self.mock.clock.now()
        return owner, session_id

    @rule(target=requests, owner=OWNERS, question=QUESTIONS, user=USERS, session=sessions)
    def execute(self, owner, question, user, session):
        """A question in an opened session counts; in one that is not there it is refused."""
        path, body = f"/sessions/{session[1]}", {"question": question, "user_id": user}
        if not self.lives(owner, session[1]):
            assert self.talk(owner).refusal("POST", path, json=body)[1] == "CBS.3254"
            return multiple()
        answer = self.talk(owner).post(path, **body)
        self.models[owner].alive[session[1]] = self.mock.clock.now()
        self.record(owner, session[1], user, question, SAID[question])
        return owner, answer["request_id"]

    @rule(owner=OWNERS, session=sessions)
    def close(self, owner, session):
        """Closing ends a session of the bot's own, and counts nothing."""
        assert self.talk(owner).send("DELETE", f"/sessions/{session[1]}").status_code == 200
        self.models[owner].alive.pop(session[1], None)

    @rule(owner=OWNERS, request=requests, degree=st.sampled_from([None, 1, -1]))
    def tag(self, owner, request, degree):
        """Labor and satisfaction count nothing, and know the bot's own requests only."""
        path = f"/requests/{request[1]}/{'labor' if degree is None else 'satisfaction'}"
        response = self.talk(owner).send("POST", path, json={"degree": degree} if degree else None)
        assert response.status_code == (200 if owner == request[0] else 400)

    @rule(
        owner=OWNERS, body=st.sampled_from([{}, {"question": ""}, {"question": 5}, {"question": "x" * 513}])
    )
    def refused(self, owner, body):
        """A call that is refused counts nothing."""
        for path in ("/chat", "/requests", "/suggestions"):
            is_nothing_suggested = path == "/suggestions" and body == {"question": ""}
            expected = 200 if is_nothing_suggested else 400
            assert self.talk(owner).send("POST", path, json=body).status_code == expected

    @rule(milliseconds=st.sampled_from([1, 999, 1000, 61_000, 120_000, 120_001]))
    def wait(self, milliseconds):
        """Time passes, over midnight too."""
        self.mock.clock = Clock(self.mock.clock.now() + milliseconds)

    @invariant()
    def statistics_agree(self):
        """Every view of the bots just talked to shows what the model knows."""
        for owner in self.touched:
            self.compare(Talk(self.app, *owner), self.models[owner])
        self.touched = set()

    def compare(self, talk, model):
        """Every statistic and the rows of an export."""
        ask = {"start_time": 0}
        stats = talk.statistics("requests/session-stats", **ask)
        assert {key: stats[key] for key in ("total", "intervals")} == model.session_stats()
        for domain in (None, "桌面云", "费用"):
            rates = talk.statistics("requests/reply-rates", **ask, **({"domain": domain} if domain else {}))
            expected = model.reply_rates(domain)
            assert _shown(rates["total"]) == expected["total"]
            assert [_shown(day) for day in rates["intervals"]] == expected["intervals"]
        hot = talk.statistics("qa-pairs/hots", **ask)["questions"]
        assert [question["qa_pair_id"] for question in hot] == model.hot_questions()
        words = talk.statistics("requests/keywords", **ask)["keywords"]
        assert [(word["keyword"], word["freq"]) for word in words] == model.keywords()
        assert self.exported(talk) == sorted(
            (one.at, one.session, one.user, one.question, one.outcome) for one in model.rounds
        )

    def exported(self, talk):
        """The rows of an export, in an order of their own."""
        days = range((NOW - 200_000) // 86_400_000, self.mock.clock.now() // 86_400_000 + 1)
        rows = self.mock.log.rows(talk.bot, days, self.mock.clock.now(), talk.project)
        return sorted(
            (row.at_ms, row.session_id, row.user_id, row.said.question, row.said.outcome)
            for day in rows
            for row in day
        )


@pytest.fixture(scope="module", autouse=True)
def _app(tmp_path_factory):
    file = tmp_path_factory.mktemp("law") / "quiet.yaml"
    file.write_text(DATASET, "utf-8")
    Dialogues.app = Talk.start(str(file)).app


Dialogues.TestCase.settings = settings(max_examples=examples(10), stateful_step_count=25, deadline=None)
TestDialogues = Dialogues.TestCase


@pytest.mark.slow
@pytest.mark.timeout(900)
class TestDialoguesAtLength(TestDialogues):
    """The same with more dialogues."""

    settings = settings(TestDialogues.settings, max_examples=examples(60))
