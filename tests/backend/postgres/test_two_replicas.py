"""Two replicas of a mock respond like one mock in memory, whatever clients do to either of them."""

import itertools
from email.utils import formatdate
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from werkzeug.test import Client

from mockcbs import Settings, create_app
from mockcbs.backend.memory import MemoryBackend
from mockcbs.backend.postgres.backend import PostgresBackend
from mockcbs.web.cache.response_cache import ResponseCache
from mockcbs.web.context import KEY, Context
from tests import backends
from tests.conftest import BOT, NOW, PROJECT
from tests.thoroughness import examples

OTHER_PROJECT = "2604d8170cd84440a81281e5a3a04f8b"
PROJECTS = st.sampled_from([PROJECT, OTHER_PROJECT])
BOTS = st.sampled_from([BOT, "403a0a00-c88a-43e3-aa2f-d5b8b9832b02"])
QUESTIONS = st.sampled_from(["怎么开发票", "桌面云没有声音", "甲乙丙丁戊己庚", "???"])
WHICH = st.integers(0, 1)
TOKEN = {"X-Auth-Token": "token"}
COZE = {"Authorization": "Bearer pat_mockcbs"}
COUNTS = st.sampled_from([{"first": 2}, {"nth": 2}, {"every": 2}, {"first": 1, "per": "operation"}])
OPERATIONS = st.sampled_from(["reply_rates", "session_stats"])


def _behind_cache(app):
    """*app* behind a response cache, which answers posts of known callers as a server lets it."""
    cache = ResponseCache(app)

    def answer(environ, start_response):
        environ[KEY] = this = Context()
        if environ["REQUEST_METHOD"] == "POST":
            told = {name: each for name, each in environ.items() if isinstance(each, str)}
            this.head = frozenset((told | {"CONTENT_LENGTH": ""}).items())
        return cache(environ, start_response)

    return answer


class Replicas(RuleBasedStateMachine):
    """Sends each call to one of two replicas and to a mock in memory, and compares what comes back."""

    postgres_url = ""

    def __init__(self) -> None:
        super().__init__()
        url = backends.fresh_schema(self.postgres_url)
        self.backends = [PostgresBackend(url) for _ in range(2)]
        made = [create_app(Settings(now=NOW), backend) for backend in self.backends]
        self.replicas = [Client(_behind_cache(app)) for app in made]
        self.model = create_app(Settings(now=NOW), MemoryBackend()).test_client()
        self.sessions = [""]
        self.requests: list[str] = []
        self.numbers = itertools.count()

    def teardown(self) -> None:
        for backend in self.backends:
            backend.close()

    def both(self, which: int, method: str, path: str, **what: Any) -> Any:
        """The response of the model, which the replica must give as well."""
        answers = [client.open(path, method=method, **what) for client in (self.replicas[which], self.model)]
        ours, wanted = ((answer.status_code, answer.data) for answer in answers)
        assert ours == wanted, (method, path, what)
        return answers[1]

    @rule(which=WHICH, project=PROJECTS, bot=BOTS, question=QUESTIONS, data=st.data())
    def ask(self, which, project, bot, question, data):
        """A question, in a new session or a former one."""
        body = {
            "question": question,
            "user_id": data.draw(st.sampled_from(["anna", ""])),
            "session_id": data.draw(st.sampled_from(self.sessions)),
        }
        answer = self.both(which, "POST", f"/v1/{project}/qabots/{bot}/chat", json=body, headers=TOKEN)
        if answer.status_code == 200:
            self.sessions.append(answer.json["session_id"])
            self.requests.append(answer.json["request_id"])

    @rule(which=WHICH, project=PROJECTS, bot=BOTS, data=st.data())
    def tag(self, which, project, bot, data):
        """A mark on an earlier question, which the other replica may have answered."""
        request_id = data.draw(st.sampled_from([*self.requests, "0" * 32]))
        path = f"/v1/{project}/qabots/{bot}/requests/{request_id}/satisfaction"
        self.both(which, "POST", path, json={"degree": 1}, headers=TOKEN)

    @rule(which=WHICH, project=PROJECTS, bot=BOTS, what=st.sampled_from(["reply-rates", "session-stats"]))
    def read(self, which, project, bot, what):
        """Statistics, with all that was recorded before."""
        self.both(which, "GET", f"/v1/{project}/qabots/{bot}/requests/{what}?interval=day", headers=TOKEN)

    @rule(which=WHICH)
    def converse(self, which):
        """A conversation and its message, with ids that ascend."""
        made = self.both(which, "POST", "/v1/conversation/create", json={}, headers=COZE)
        path = f"/v1/conversation/message/create?conversation_id={made.json['data']['id']}"
        message = {"role": "user", "content": f"{next(self.numbers)}", "content_type": "text"}
        self.both(1 - which, "POST", path, json=message, headers=COZE)

    @rule(which=WHICH, operation=OPERATIONS, how=COUNTS, project=st.none() | PROJECTS)
    def play(self, which, operation, how, project):
        """A scenario that counts."""
        where = f"?project={project}" if project else ""
        rule = {"when": {"operation": f"cbs.{operation}", **how}, "answer": {"error": "server-error"}}
        answer = self.both(which, "PUT", f"/_mockcbs/scenario{where}", json={"scenario": {"rules": [rule]}})
        assert answer.status_code == 200, answer.text

    @rule(which=WHICH, project=st.none() | PROJECTS)
    def stop(self, which, project):
        """Its end."""
        where = f"?project={project}" if project else ""
        self.both(which, "DELETE", f"/_mockcbs/scenario{where}")

    @rule(which=WHICH, project=st.none() | PROJECTS, ms=st.integers(1, 10**8))
    def wait(self, which, project, ms):
        """Time passes, in one project or everywhere."""
        where = f"?project={project}" if project else ""
        self.both(which, "PUT", f"/_mockcbs/clock{where}", json={"advance_ms": ms})

    @rule(which=WHICH, data=st.binary(max_size=300))
    def keep(self, which, data):
        """An object of OSS, which the other replica has at once."""
        now = self.both(which, "GET", "/_mockcbs/clock").json["now"] / 1000
        signed = {"Authorization": "OSS someone:c2lnbmF0dXJl", "Date": formatdate(now, usegmt=True)}
        assert self.both(which, "PUT", "/reports/a.csv", data=data, headers=signed).status_code == 200
        assert self.both(1 - which, "GET", "/reports/a.csv", headers=signed).data == data

    @rule(which=WHICH, seed=st.sampled_from([7, 42]))
    def choose_a_seed(self, which, seed):
        """The same traffic from then on, at both."""
        self.both(which, "PUT", "/_mockcbs/seed", json={"seed": seed})

    @rule(which=WHICH, name=st.sampled_from(["quiet", "everyday"]))
    def choose_a_dataset(self, which, name):
        """The same bots from then on, at both."""
        self.both(which, "PUT", "/_mockcbs/dataset", json={"dataset": name})

    @rule(which=WHICH)
    def choose_a_dataset_of_their_own(self, which):
        """Its content reaches the other replica too."""
        content = f"bots:\n- id: {BOT}\n  sessions:\n  - turns:\n    - at: 2026-02-01T00:00:00Z\n"
        self.both(which, "PUT", "/_mockcbs/dataset?name=own", data=content)

    @rule(which=WHICH, project=st.none() | PROJECTS)
    def reset(self, which, project):
        """All begins anew, in one project or everywhere."""
        self.both(which, "POST", f"/_mockcbs/reset{f'?project={project}' if project else ''}")
        if project is None:
            self.sessions, self.requests = [""], []

    @invariant()
    def clocks_agree(self):
        """All show the same time."""
        for which in range(2):
            self.both(which, "GET", f"/_mockcbs/clock?project={PROJECT}")


@pytest.mark.timeout(300)
def test_two_replicas_answer_as_one_mock_in_memory(postgres_url):
    """Two replicas and one mock in memory give equal bytes for each request, including ids."""
    Replicas.postgres_url = postgres_url
    run_state_machine_as_test(
        Replicas,
        settings=settings(
            max_examples=examples(6),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
