"""The slow actions of one client during which other clients must not wait, for `stalls.py`."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import quote, urlencode

PROJECT = "1604d8170cd84440a81281e5a3a04f8b"
ORDINARY = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
LARGE, YEAR = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
BIG = "44444444-4444-4444-8444-444444444444"
COZE_LARGE = "7300000000000000001"
NOW = 1_795_305_600_000
DAY = 86_400_000
DATASET = f"""
bots:
  - id: {LARGE}
    traffic: {{sessions_per_day: 14500, retention_days: 90}}
  - id: "{COZE_LARGE}"
    traffic: {{sessions_per_day: 14500, retention_days: 90}}
  - id: {YEAR}
    traffic: {{sessions_per_day: 3500, retention_days: 365}}
  - id: {ORDINARY}
    traffic: {{}}
"""
"""Three bots with about a million sessions each, and one whose statistics other clients request."""

TOKEN = {"X-Auth-Token": "t"}
JSON = {"Content-Type": "application/json"}
COZE = {"Authorization": "Bearer pat_mockcbs"}
ROWS, CALLS, SESSIONS = 20_000, 150_000, 55_000
"""Of tables, of the journal, and of a large dataset."""
_ACCEPTED = range(200, 300)


class Client:
    """One keep-alive connection."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def __call__(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] = TOKEN
    ) -> tuple[int, bytes]:
        """The status and the body of a response."""
        if body is not None and not isinstance(body, bytes):
            body, headers = json.dumps(body).encode(), {**headers, **JSON}
        self.connection.request(method, path, body, dict(headers))
        response = self.connection.getresponse()
        return response.status, response.read()


Act = Callable[[Client, float], None]
"""Does something slow, repeatedly until a certain time (`time.monotonic`) if it is short."""
Call = tuple[Any, ...]


@dataclass(frozen=True)
class Case:
    """Something slow that a client does."""

    title: str
    act: Act
    prepare: Callable[[Any], object] | None = None
    """Fills the mock before it serves requests."""
    settings: Mapping[str, Any] = field(default_factory=dict)


def repeat(*calls: Callable[[int], Call], accepted: range = _ACCEPTED) -> Act:
    """Repeat these calls; each gets the number of the round."""

    def act(client: Client, until: float) -> None:
        number = 0
        while time.monotonic() < until or not number:
            number += 1
            for call in calls:
                status, content = client(*call(number))
                if status not in accepted:
                    raise RuntimeError(f"{call(number)[:2]}: {status} {content[:200]!r}")

    return act


def once(*call: Any) -> Act:
    """Make one call."""
    return lambda client, _: repeat(lambda _: call)(client, 0)


def statistics(bot: str, operation: str = "session-stats", **query: Any) -> str:
    """The path and the query of a statistics request."""
    return f"/v1/{PROJECT}/qabots/{bot}/requests/{operation}?" + urlencode({"interval": "day", **query})


def analytics(part: str = "", **query: Any) -> str:
    """The path and the query of Coze's analytics of 90 days."""
    days = {"start_date": "2026-08-25", "end_date": "2026-11-22"}
    return f"/v1/bots/{COZE_LARGE}/analytics{part}?" + urlencode({**days, **query})


def explain(figure: str) -> str:
    """The path of an explanation of one year of a large bot."""
    target = statistics(YEAR, start_time=NOW - 365 * DAY)
    return f"/_mockcbs/explain?request={quote(target, safe='')}&figure={figure}&page_size=1000"


def question(number: int) -> Call:
    """A question that no client asked before."""
    path = f"/v1/{PROJECT}/qabots/{LARGE}/chat"
    return "POST", path, {"session_id": "", "question": f"新问题 {number}"}


def feishu(number: int) -> Call:
    """A search with a filter."""
    condition = {"field_name": "input_len", "operator": "is", "value": [str(number)]}
    path = "/open-apis/bitable/v1/apps/bascnStalls/tables/tblStalls/records/search?page_size=20"
    wanted = {"filter": {"conjunction": "and", "conditions": [condition]}}
    return "POST", path, wanted, {"Authorization": "Bearer t-mockcbs"}


def airtable(number: int) -> Call:
    """A list with a formula."""
    formula = quote(f"AND({{input_len}} = {number}, FIND('w', {{workflow_id}}))")
    path = f"/v0/appStallsStalls00/tblStallsStalls00?filterByFormula={formula}"
    return "GET", path, None, {"Authorization": "Bearer patmockcbs.mockcbs"}


def upload(number: int) -> Call:
    """A file of 20 MB."""
    return (
        "POST",
        "/v1/files/upload",
        _form(number),
        {**COZE, "Content-Type": "multipart/form-data; boundary=x"},
    )


def _form(number: int) -> bytes:
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{number}.txt"\r\n\r\n'
    return head.encode() + b"x" * (20 * 2**20) + b"\r\n--x--\r\n"


def large_dataset(number: int) -> Call:
    """A dataset of 10 MB: sessions of one turn each."""
    turn = "{at: 2026-11-01T09:00:00+08:00, question: 桌面云打不开怎么办呢，请问应该联系谁来处理这个问题}"
    session = "      - {{id: s{}, user: u{}, turns: [" + turn.replace("{", "{{").replace("}", "}}") + "]}}\n"
    head = f"description: number {number}\nbots:\n  - id: {BIG}\n    sessions:\n"
    body = head + "".join(session.format(one, one % 999) for one in range(SESSIONS))
    return "PUT", "/_mockcbs/dataset?name=large", body.encode(), {"Content-Type": "application/yaml"}


def open_console(client: Client, until: float) -> None:
    """Open the console's first page and the explorer's document, each with all that it loads."""
    data = "/_mockcbs/console/data/"
    pages = ("/_mockcbs/console/analysis", f"{data}overview", f"{data}bots", f"{data}calls", "/_mockcbs/docs")
    repeat(*(lambda _, path=path: ("GET", path) for path in (*pages, "/_mockcbs/docs/setup")))(client, until)


def read_slowly(client: Client, until: float) -> None:
    """Read an export slowly until the time is over."""
    client.connection.request("GET", f"/_mockcbs/export?bot={LARGE}")
    response = client.connection.getresponse()
    while time.monotonic() < until and response.read(65_536):
        pass
    client.connection.close()


def deliver(client: Client, until: float) -> None:
    """Send over 1,000 events to an endpoint that takes a second for each."""
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        threading.Thread(target=_answer_slowly, args=(listener,), daemon=True).start()
        body = {"url": f"http://127.0.0.1:{listener.getsockname()[1]}/", "profile": "standard"}
        past = {"bot_id": COZE_LARGE, "from": NOW - 1_200_000, "to": NOW}
        for path, content in (("/_mockcbs/webhooks", body), ("/_mockcbs/webhooks/send", past)):
            status, answer = client("POST", path, content)
            if status not in _ACCEPTED:
                raise RuntimeError(f"{path}: {status} {answer[:200]!r}")
        time.sleep(max(0, until - time.monotonic()))


def _answer_slowly(listener: socket.socket) -> None:
    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65_536)
            time.sleep(1)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=answer, args=(connection,), daemon=True).start()


def challenge(client: Client, until: float) -> None:
    """Subscribe an endpoint that accepts connections and never responds."""
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        body = {"url": f"http://127.0.0.1:{listener.getsockname()[1]}/", "profile": "coze"}
        while time.monotonic() < until:
            client("POST", "/_mockcbs/webhooks", body)


def record(app: Any, bot: str, turns: int) -> None:
    """Record turns of a bot, each with a new question."""
    from mockcbs.traffic.knowledge import Turn, Utterance

    log = app.extensions["mockcbs"].log
    for number in range(turns):
        said = Utterance(f"问题 {number}", "notmatch")
        turn = Turn(bot, f"s{number // 5}", f"u{number % 999}", NOW - turns + number, said)
        log.record(turn, PROJECT)


def nearly_full(app: Any) -> None:
    """Record almost as many turns as one bot and all bots may have."""
    record(app, YEAR, 49_900)
    record(app, LARGE, 199_900)


def fill_journal(app: Any) -> None:
    """Fill the journal with `CALLS` entries."""
    journal = app.extensions["mockcbs"].journal
    app.test_client().get(statistics(ORDINARY), headers=TOKEN)
    (first,) = journal.entries()
    for number in range(CALLS):
        journal.repeat(first, NOW, 1.0, lambda: ((), b"{}"), query=f"interval=day&n={number}", headers={})


def rows_of(service: str, base: str, table: str, token: str) -> Callable[[Any], None]:
    """Fill a table that belongs to the caller with that token."""

    def fill(app: Any) -> None:
        from mockcbs.services import registry
        from mockcbs.tables.store import known

        mock = app.extensions["mockcbs"]
        scope = registry.scope_of_token(token, mock.settings.secret) or ""
        columns = [{"workflow_id": "w", "input_len": 1}]
        body = {"service": service, "base": base, "table": table, "rows": columns}
        answer = app.test_client().put(f"/_mockcbs/tables?token={token}", json=body)
        if answer.status_code != 200:
            raise RuntimeError(answer.text)
        store = registry.named(service).dialect.store(mock, scope)
        ((_, _, kept),) = known(mock.documents, service)
        for number in range(ROWS):  # more than one request may bring
            store.add(kept, {"workflow_id": f"w{number}", "input_len": number}, at=NOW)

    return fill


CASES = {
    "first-call": Case(
        "first statistics of a bot with a million sessions",
        once("GET", statistics(LARGE, start_time=NOW - 90 * DAY)),
    ),
    "coze-days": Case(
        "Coze analytics of such a bot, of one channel",
        repeat(lambda number: ("GET", analytics(connector_id=998 + number % 2), None, COZE)),
    ),
    "coze-events": Case(
        "Coze raw events of such a bot, page by page",
        repeat(lambda number: ("GET", analytics("/logs", page_num=number), None, COZE)),
    ),
    "explain": Case(
        "explain over a year of such a bot", repeat(lambda _: ("GET", explain("total.user_count")))
    ),
    "export": Case("export of everything of such a bot", read_slowly),
    "questions": Case(
        "a new question, then reply-rates, beside 60,000 recorded turns",
        repeat(
            question,
            lambda number: ("GET", statistics(LARGE, "reply-rates", start_time=NOW - 90 * DAY + number)),
        ),
        lambda app: record(app, LARGE, 60_000),
    ),
    "limit": Case("new questions, beyond the limit of recorded turns", repeat(question), nearly_full),
    "reset": Case(
        "reset of 100,000 recorded turns",
        once("POST", f"/_mockcbs/reset?project={PROJECT}"),
        lambda app: record(app, LARGE, 100_000),
    ),
    "verify": Case(
        f"verify with wildcards over {CALLS:,} calls",
        repeat(
            lambda number: (
                "POST",
                "/_mockcbs/journal/verify",
                {"pattern": {"query": {"n": f"*{number}*"}}, "at_least": 0},
            )
        ),
        fill_journal,
        {"journal_size": 200_000},
    ),
    "journal": Case(
        f"pages of a journal of {CALLS:,} calls",
        repeat(lambda number: ("GET", f"/_mockcbs/journal?limit=1000&before={CALLS - number}")),
        fill_journal,
        {"journal_size": 200_000},
    ),
    "rules": Case(
        "scenarios of 1,000 rules for another project",
        repeat(
            lambda number: (
                "PUT",
                "/_mockcbs/scenario?project=other",
                {
                    "scenario": {
                        "rules": [{"answer": {"error": "server-error"}, "when": {"nth": number}}] * 1000
                    }
                },
            )
        ),
    ),
    "feishu": Case(
        f"Feishu search over {ROWS:,} rows",
        repeat(feishu),
        rows_of("feishu", "bascnStalls", "tblStalls", "t-mockcbs"),
    ),
    "airtable": Case(
        f"Airtable formula over {ROWS:,} rows",
        repeat(airtable),
        rows_of("airtable", "appStallsStalls00", "tblStallsStalls00", "patmockcbs.mockcbs"),
    ),
    "tables": Case(
        f"tables of {ROWS:,} rows through the control API",
        repeat(lambda number: ("GET", f"/_mockcbs/tables?limit={ROWS - number % 2}")),
        rows_of("feishu", "bascnStalls", "tblStalls", "t-mockcbs"),
    ),
    "upload": Case("uploads of 20 MB", repeat(upload)),
    "dataset": Case("a dataset of 10 MB", lambda client, _: repeat(large_dataset)(client, 0)),
    "console": Case("the console and the explorer, opened", open_console),
    "openapi": Case("the first read of openapi.json", once("GET", "/_mockcbs/openapi.json")),
    "challenge": Case("subscriptions of an endpoint that never answers", challenge),
    "deliveries": Case("1,000 deliveries to a slow receiver", deliver),
}
"""All cases, by name."""
