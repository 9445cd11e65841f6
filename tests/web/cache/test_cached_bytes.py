"""Law 7: a cached response is byte-equal to one computed afresh, and is journalled too."""

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mockcbs.datasets.load import Source
from mockcbs.testing.controls import Controls
from mockcbs.testing.exchange import exchange
from tests.conftest import BOT, PROJECT
from tests.thoroughness import examples
from tests.web.cache.posts import POSTS, journal, post
from tests.web.cache.reads import COZE_BOT, NOW, OTHER, READS, WEEK_AGO, ask, token

FRESH_QUERIES = [
    f"start_time={WEEK_AGO - 1}{{}}",
    f"start_time={NOW}{{}}",
    "start_time=1{}&end_time=",
    "top={}",
    "x={}",
    "domain_id=%E6%A1%8C{}",
    "domain=%ff{}",
    "interval=month&end_time=-{}",
    "user_id=u{}",
]
"""What makes every query a new one."""
SCENARIOS = [
    {"rules": [{"when": {"path": "*/chat"}, "answer": {"status": 500}}]},
    "flaky-once",
    "missing-member",
    "outage",
    "stale",
    "token-expired",
    "wrong-types",
    {"rules": [{"when": {"probability": 0.4}, "answer": {"error": "CBS.0031"}}]},
    {"rules": [{"when": {"operation": "cbs.keywords", "nth": 2}, "damage": [{"kind": "swapped"}]}]},
]


class Twins(RuleBasedStateMachine):
    """Two mocks live through the same; one has a response cache."""

    @initialize(
        default_start=st.sampled_from(["epoch", "week"]),
        reads=st.lists(
            st.tuples(st.sampled_from(READS), st.sampled_from(["any", "any", "issued", "issued", ""])),
            min_size=3,
            max_size=3,
            unique=True,
        ),
    )
    def begin(self, default_start, reads):
        self.number = 0
        self.twins = [
            Controls(now=NOW, cache=cache, default_start=default_start, journal_size=50)
            for cache in (True, False)
        ]
        issued = {token(twin) for twin in self.twins}.pop()
        self.reads = [(url, issued if credential == "issued" else credential) for url, credential in reads]

    def do(self, action):
        for twin in self.twins:
            action(twin)

    @invariant()
    def answers_agree(self):
        """Often enough for all three to be remembered."""
        for _ in range(3):
            for read in self.reads:
                self.agree(*read)
        for url, credential in self.reads:
            if "?" in url:
                for query in FRESH_QUERIES:
                    self.number += 1
                    self.agree(f"{url}&{query.format(self.number)}", credential)

    def agree(self, url, credential, **headers):
        remembered, computed = (ask(twin, url, credential, **headers) for twin in self.twins)
        assert remembered == computed

    @invariant()
    def journals_agree(self):
        remembered, computed = map(journal, self.twins)
        assert remembered == computed

    @invariant()
    def metrics_agree(self):
        remembered, computed = (twin.state.tally.figures().calls for twin in self.twins)
        assert remembered == computed

    @rule(
        url=st.sampled_from([*POSTS]),
        places=st.lists(st.integers(0, 8), min_size=3, max_size=9),
        prefer=st.sampled_from(["", "", "", "scenario=flaky-once"]),
    )
    def post(self, url, places, prefer):
        """The first bodies succeed, so that the caller is known before the others come."""
        bodies = POSTS[url][1]
        for place in [0, 0, 0, *places]:
            self.agree_on_post(url, bodies[place % len(bodies)], **({"Prefer": prefer} if prefer else {}))

    def agree_on_post(self, url, body, **headers):
        remembered, computed = (post(twin, url, body, **headers) for twin in self.twins)
        assert remembered == computed

    @rule(url=st.sampled_from(READS[:9]))
    def read_under_a_scenario_of_its_own(self, url):
        self.agree(url, "any", Prefer="scenario=flaky-once")

    @rule(question=st.sampled_from(["桌面云打不开", "?"]), project=st.sampled_from([PROJECT, OTHER]))
    def ask_a_question(self, question, project):
        self.do(lambda twin: twin.ask(BOT, question, user="anna", project=project))

    @rule()
    def chat(self):
        body = b'{"bot_id":"%s","user_id":"u","additional_messages":[]}' % COZE_BOT.encode()
        sent = [("Authorization", "Bearer any"), ("Content-Type", "application/json")]
        self.do(lambda twin: exchange(twin.cache, "POST", "https://api.coze.cn/v3/chat", sent, body))

    @rule(ms=st.sampled_from([1, 999, 60_000, 3_600_000, 25 * 3_600_000, -1, -3_600_000]))
    def move_the_clock(self, ms):
        self.do(lambda twin: twin.clock.advance(milliseconds=ms))

    @rule(ms=st.sampled_from([5_000, 7_200_000]))
    def move_the_clock_of_a_project(self, ms):
        def advance(twin):
            with twin.state.clocks.change(PROJECT) as clock:
                clock.advance(ms)

        self.do(advance)

    @rule(scenario=st.sampled_from([None, *SCENARIOS]), project=st.sampled_from([None, PROJECT]))
    def play(self, scenario, project):
        self.do(lambda twin: twin.scenario(scenario, project=project))

    @rule(seed=st.sampled_from([None, 7]))
    def choose_a_seed(self, seed):
        self.do(lambda twin: twin.state.choose_seed(seed))

    @rule(name=st.sampled_from([None, "quiet", "empty"]))
    def choose_a_dataset(self, name):
        self.do(lambda twin: twin.state.choose_dataset(name and Source(name)))

    @rule(scope=st.sampled_from([None, PROJECT, OTHER]))
    def reset(self, scope):
        self.do(lambda twin: twin.state.reset(scope))


TestLaw7 = Twins.TestCase
TestLaw7.settings = settings(
    max_examples=examples(8),
    stateful_step_count=12,
    deadline=None,
    phases=[Phase.generate],  # to shrink a failure takes minutes, and tells little more
)


@pytest.mark.slow
@pytest.mark.timeout(900)
class TestLaw7AtLength(TestLaw7):
    """The same with more stories."""

    settings = settings(TestLaw7.settings, max_examples=examples(60))
