"""Measures the memory of one server: when all services were used, and for each of a hundred bots."""

import uuid
from urllib.parse import urlencode

import oss2
from arena import started
from contenders import Answers, Mockcbs
from kinds import call, kinds
from processes import Server
from progress import Progress
from report import Result, Table
from stall_cases import JSON, PROJECT, TOKEN, Client
from work import BOT, PATH, works

from mockcbs import Settings

_BOTS = 100
_PAGES = (
    "/_mockcbs/openapi.json",
    "/_mockcbs/docs",
    "/_mockcbs/console",
    *(f"/_mockcbs/console/data/{part}" for part in ("overview", "bots", "calls")),
)


def measure(answers: Answers, progress: Progress) -> Result:
    """The memory of a server at rest, with all services and pages used, and of another one with many bots."""
    first = works()["repeated"].asks[0]
    with started(Mockcbs(), answers) as server:
        server.first_answer(first)
        rest = server.resident()
        use_all(server)
        everything = server.resident()
    progress.tell(0.5, f"all services: {everything:.0f} MB")
    with started(Mockcbs(), answers) as server:
        server.first_answer(first)
        before = server.resident()
        read_bots(server)
        bot = (server.resident() - before) / _BOTS
        ask_bots(server)
        asked = (server.resident() - before) / _BOTS
    progress.tell(1, f"a bot: {bot:.2f} MB, {asked:.2f} MB after a question")
    rows = [
        ["after the first answer", f"{rest:.1f}"],
        ["after a request to each service, the console, the explorer and openapi.json", f"{everything:.1f}"],
        [f"for each of {_BOTS} bots, after two queries", f"{bot:.2f}"],
        ["for each of them, after a question to each", f"{asked:.2f}"],
    ]
    measured = {"MB of all services": everything, "MB a bot": bot}
    figures = measured | {"MB at rest": rest, "MB a bot after a question": asked}
    return Result("memory", figures, [Table("Memory", ["", "MB"], rows)], measured)


def use_all(server: Server) -> None:
    """Send requests to every service, and open the pages for people."""
    ours = Settings()
    password = {
        "user": {"name": ours.iam_user, "password": ours.iam_password, "domain": {"name": ours.iam_domain}}
    }
    token = {"auth": {"identity": {"methods": ["password"], "password": password}}}
    tencent = {"client_id": ours.tencent_client_id, "client_secret": ours.tencent_client_secret}
    wanted = [
        call(kind.work(1).asks[0], 1) for name, kind in kinds().items() if name not in {"large", "search"}
    ]
    wanted += [
        ("POST", "/v3/auth/tokens", token, JSON),
        (
            "GET",
            "/v0/appMemoryMemory00/tblMemoryMemory00",
            None,
            {"Authorization": "Bearer patmockcbs.mockcbs"},
        ),
        ("GET", f"/oauth/v2/app-account-token?{urlencode(tencent)}", None, {}),
        *(("GET", page, None, {}) for page in _PAGES),
    ]
    with Client(server.port) as client:
        for one in wanted:
            _send(client, one)
    bucket = oss2.Bucket(oss2.Auth(ours.access_key, ours.secret_key), server.url, "memory")
    bucket.create_bucket()
    bucket.put_object("key", b"x" * 1024)


def read_bots(server: Server) -> None:
    """Request statistics of two ranges of each bot."""
    with Client(server.port) as client:
        for bot in _bots():
            new = works(PATH.replace(BOT, bot))["new"].asks[0]
            for number in range(2):
                _send(client, call(new, number))


def ask_bots(server: Server) -> None:
    """Ask each bot a question."""
    question = {"session_id": "", "question": "桌面云打不开"}
    with Client(server.port) as client:
        for bot in _bots():
            _send(client, ("POST", f"/v1/{PROJECT}/qabots/{bot}/chat", question, TOKEN))


def _bots() -> list[str]:
    return [str(uuid.uuid5(uuid.NAMESPACE_OID, str(number))) for number in range(_BOTS)]


def _send(client: Client, wanted: tuple) -> None:
    status, body = client(*wanted)
    if not 200 <= status < 400:
        raise RuntimeError(f"{wanted[0]} {wanted[1]}: {status} {body[:200]!r}")
