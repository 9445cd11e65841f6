"""Seven clients, and what each of them sees of a call: in its own terms, and in ours."""

import base64
import http.client
import json
import subprocess
import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cozepy
import httpx
import pydantic
import requests
from huaweicloudsdkcbs.v1 import CbsClient, CollectKeyWordsRequest, CollectSessionStatsRequest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions import exceptions as sdk
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkcore.warning.warning import SdkWarning

from mockcbs import Mock

HERE = Path(__file__).parent
BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
COZE_BOT = "7342866812345678901"
TOKEN = {"X-Auth-Token": "any-token"}
_NOT_JSON = "not JSON"


@dataclass(frozen=True)
class Seen:
    """What a client saw of a call."""

    what: str
    """The status, and whether the body is "not JSON"; or "reset", "empty", "short", "garbage", "timeout"."""
    document: Any = None


@dataclass(frozen=True)
class Asked:
    """One call."""

    scenario: str
    """Played meanwhile, and what is called is fit for it."""
    ended: bool = False
    """The scenario is not played any more."""

    @property
    def few(self) -> bool:
        """Whether a short answer is wanted, since it comes slowly."""
        return self.scenario == "slow-body"

    @property
    def path(self) -> str:
        """What is asked of a CBS bot."""
        return "requests/keywords?top=1" if self.few else "requests/session-stats?interval=year"

    @property
    def patience(self) -> float:
        """Seconds the client waits for an answer."""
        return 10 if self.ended else {"no-answer": 0.5, "slow": 0.02}.get(self.scenario, 10)

    @property
    def prefer(self) -> str:
        """The scenario a client asks for that chooses by itself."""
        return "" if self.ended else self.scenario


def _seen(status: int, body: bytes | str) -> Seen:
    try:
        return Seen(str(status), json.loads(body))
    except ValueError:
        return Seen(f"{status} {_NOT_JSON}")


def _innermost(error: BaseException) -> BaseException:
    while inner := error.__cause__ or error.__context__:
        error = inner
    return error


class Client(ABC):
    """A client that calls one server; its calls are of a project or token of its own."""

    terms: Mapping[str, str] = {}
    """What it calls otherwise than by its status."""

    host = "https://cbs-ext.cn-north-4.myhuaweicloud.com"
    """The real one, under which it reaches a mock in process."""

    def __init__(self, server: str | Mock, number: int) -> None:
        self.mock = server if isinstance(server, Mock) else None
        self.server = server if isinstance(server, str) else self.host
        self.transport = self.mock.httpx_transport() if self.mock else None
        self.scope = {"project": f"{number:032x}"}
        self.base = f"{self.server}/v1/{number:032x}/qabots/{BOT}"

    def play(self, scenarios: Mapping[str, int]) -> dict[str, list[Seen]]:
        """What is seen of so many calls while each scenario is played, and of one after it has ended."""
        seen = {}
        for name, calls in scenarios.items():
            self._choose(name)
            seen[name] = [self.call(Asked(name)) for _ in range(calls)]
            self._choose(None)
            seen[name].append(self.call(Asked(name, ended=True)))
        return seen

    def _choose(self, scenario: str | None) -> None:
        """By the control API, or in process."""
        if self.mock:
            self.mock.scenario(scenario, **self.scope)
            return
        target = f"{self.server}/_mockcbs/scenario"
        method, body = ("PUT", {"scenario": scenario}) if scenario else ("DELETE", None)
        requests.request(method, target, params=self.scope, json=body, timeout=10).raise_for_status()

    @abstractmethod
    def call(self, asked: Asked) -> Seen:
        """One call."""

    def close(self) -> None:  # noqa: B027 - most keep nothing open
        """Let go of connections."""


def _plan(scenarios: Mapping[str, int]) -> Iterator[Asked]:
    """So many calls of each scenario, and one after it."""
    for name, calls in scenarios.items():
        yield from [Asked(name)] * calls
        yield Asked(name, ended=True)


class Requests(Client):
    """The library `requests`, keeping its connection."""

    def __init__(self, server: str | Mock, number: int) -> None:
        super().__init__(server, number)
        self.session = requests.Session()
        self.close = self.session.close

    def call(self, asked: Asked) -> Seen:
        """Each failure by the class of exception it has."""
        try:
            answer = self.session.get(f"{self.base}/{asked.path}", headers=TOKEN, timeout=asked.patience)
        except requests.exceptions.ChunkedEncodingError:
            return Seen("short")
        except requests.exceptions.ReadTimeout:
            return Seen("timeout")
        except requests.exceptions.ConnectionError as error:
            return Seen(_BELOW[type(_innermost(error))])
        try:
            return Seen(str(answer.status_code), answer.json())
        except requests.exceptions.JSONDecodeError:
            return Seen(f"{answer.status_code} {_NOT_JSON}")


_BELOW = {
    ConnectionResetError: "reset",
    http.client.RemoteDisconnected: "empty",
    http.client.BadStatusLine: "garbage",
    http.client.IncompleteRead: "short",
    TimeoutError: "timeout",
}


class Httpx(Client):
    """The library httpx, keeping its connection."""

    def __init__(self, server: str | Mock, number: int) -> None:
        super().__init__(server, number)
        self.client = httpx.Client(headers=TOKEN, transport=self.transport)
        self.close = self.client.close

    def call(self, asked: Asked) -> Seen:
        """Each failure by the class of exception it has, and its words where classes are shared."""
        try:
            answer = self.client.get(f"{self.base}/{asked.path}", timeout=asked.patience)
        except httpx.TransportError as error:
            return Seen(_by_httpx(error))
        return _seen(answer.status_code, answer.content)


def _by_httpx(error: httpx.TransportError) -> str:
    if isinstance(error, httpx.ReadTimeout):
        return "timeout"
    if isinstance(error, httpx.ReadError):
        return "reset"
    words = {"without sending a response": "empty", "complete message body": "short", "illegal": "garbage"}
    assert isinstance(error, httpx.RemoteProtocolError)
    return next(what for said, what in words.items() if said in str(error))


class HuaweiSdk(Client):
    """The official SDK of Huawei Cloud."""

    terms = {"502 not JSON": "502"}  # noqa: RUF012

    def __init__(self, server: str | Mock, number: int) -> None:
        super().__init__(server, number)
        self.clients: dict[float, CbsClient] = {}

    def call(self, asked: Asked) -> Seen:
        """Errors by their status, failures by the words of the SDK's one exception for them all."""
        client = self._client(asked.patience)
        few = CollectKeyWordsRequest(qabot_id=BOT, top=1)
        stats = CollectSessionStatsRequest(qabot_id=BOT, interval="year")
        try:
            with warnings.catch_warnings(action="ignore", category=SdkWarning):
                answer = client.collect_key_words(few) if asked.few else client.collect_session_stats(stats)
        except sdk.ServiceResponseException as error:
            return Seen(str(error.status_code))
        except sdk.ConnectionException as error:
            return Seen(next(what for said, what in _SAID_BY_SDK.items() if said in str(error)))
        except requests.exceptions.ChunkedEncodingError:
            return Seen("short")
        except requests.exceptions.ReadTimeout:  # in process, where nothing wraps it
            return Seen("timeout")
        return _seen(200, answer.raw_content)

    def close(self) -> None:
        """The SDK itself leaves its connections to the garbage collector."""
        for client in self.clients.values():
            client._http_client._session.close()

    def _client(self, patience: float) -> CbsClient:
        if patience not in self.clients:
            config = HttpConfig.get_default_config()
            config.timeout = (10, patience)
            credentials = BasicCredentials("MOCKCBSAK", "mockcbs-secret-key", self.scope["project"])
            builder = CbsClient.new_builder().with_http_config(config).with_credentials(credentials)
            self.clients[patience] = builder.with_endpoint(self.server).build()
        return self.clients[patience]


_SAID_BY_SDK = {
    "Connection reset by peer": "reset",
    "RemoteDisconnected": "empty",
    "BadStatusLine": "garbage",
    "Read timed out": "timeout",
}


class Cozepy(Client):
    """Coze's own client, with a token of its own. It tells errors by their codes, not by their statuses."""

    terms = {  # noqa: RUF012
        "500": "code 5000",
        "502": "code 5000",
        "429": "code 4013",
        "401": "code 700012006",
        "502 not JSON": "code 502",
        "200 not JSON": "code 200",
        "200 missing-member": "not valid: missing",
        "200 wrong-types": "not valid: string_type",
    }

    host = "https://api.coze.cn"

    def __init__(self, server: str | Mock, number: int) -> None:
        super().__init__(server, number)
        self.scope = {"token": f"pat_{number}"}

    def call(self, asked: Asked) -> Seen:
        """Failures by what httpx raises, bad members by what pydantic says of them."""
        http_client = cozepy.SyncHTTPClient(timeout=asked.patience, transport=self.transport)
        coze = cozepy.Coze(cozepy.TokenAuth(self.scope["token"]), self.server, http_client)
        try:
            if asked.few:
                held = coze.variables.retrieve(connector_uid="anna", keywords=[], bot_id=COZE_BOT)
                return Seen("200", {"items": held.data})
            return Seen("200", coze.conversations.create().model_dump())
        except httpx.TransportError as error:
            return Seen(_by_httpx(error))
        except cozepy.CozeAPIError as error:
            return Seen(f"code {error.code}")
        except pydantic.ValidationError as error:
            return Seen(f"not valid: {error.errors()[0]['type']}")
        finally:
            http_client.close()


class Program(Client):
    """A program that makes given calls and prints their results."""

    command: tuple[str, ...]
    words: Mapping[str, str]

    def call(self, asked: Asked) -> Seen:
        """One call, by a program of its own."""
        (seen,) = self._calls([asked])
        return seen

    def play(self, scenarios: Mapping[str, int]) -> dict[str, list[Seen]]:
        """All by one program, chosen by ``Prefer``."""
        asked = list(_plan(scenarios))
        seen: dict[str, list[Seen]] = {name: [] for name in scenarios}
        for one, told in zip(asked, self._calls(asked), strict=True):
            seen[one.scenario].append(told)
        return seen

    def _calls(self, asked: list[Asked]) -> list[Seen]:
        told = [(f"{self.base}/{one.path}", one.prefer, str(round(1000 * one.patience))) for one in asked]
        done = subprocess.run(
            [*self.command, *(word for words in told for word in words)],
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=True,
        )
        return [self._told(line) for line in done.stdout.splitlines()]

    def _told(self, line: str) -> Seen:
        what, _, body = line.partition(" ")
        if what.isdigit():
            return _seen(int(what), base64.b64decode(body))
        return Seen(next((meant for said, meant in self.words.items() if what.startswith(said)), what))


class Java(Program):
    """HttpURLConnection."""

    command = ("java", "-XX:TieredStopAtLevel=1", "-Xshare:auto", str(HERE / "java" / "Faults.java"))
    words = {  # noqa: RUF012
        "SocketException:Connection_reset": "reset",
        "SocketException:Unexpected_end_of_file": "empty",
        "SocketTimeoutException:": "timeout",
        "IOException:Invalid_Http_response": "garbage",
    }


class Node(Program):
    """The fetch of Node.js."""

    command = ("node", str(HERE / "node" / "faults.cjs"))
    words = {  # noqa: RUF012
        "fetch_failed/ECONNRESET": "reset",
        "fetch_failed/UND_ERR_SOCKET": "empty",
        "terminated/UND_ERR_SOCKET": "short",
        "fetch_failed/HPE_": "garbage",
        "The_operation_was_aborted_due_to_timeout/TimeoutError": "timeout",
    }


class Curl(Client):
    """curl, by the exit codes of its manual."""

    exits: Mapping[int, str] = {1: "garbage", 18: "short", 28: "timeout", 52: "empty", 56: "reset"}

    def play(self, scenarios: Mapping[str, int]) -> dict[str, list[Seen]]:
        """Chosen by ``Prefer``."""
        seen: dict[str, list[Seen]] = {name: [] for name in scenarios}
        for one in _plan(scenarios):
            seen[one.scenario].append(self.call(one))
        return seen

    def call(self, asked: Asked) -> Seen:
        """One call."""
        command = ["curl", "-s", "-w", "\n%{http_code}", "-m", str(asked.patience), "-H", "X-Auth-Token: any"]
        prefer = ["-H", f"Prefer: scenario={asked.prefer}"] if asked.prefer else []
        done = subprocess.run(
            [*command, *prefer, f"{self.base}/{asked.path}"], capture_output=True, check=False
        )
        if done.returncode:
            return Seen(self.exits[done.returncode])
        body, _, status = done.stdout.rpartition(b"\n")
        return _seen(int(status), body)


CLIENTS: dict[str, type[Client]] = {
    "requests": Requests,
    "httpx": Httpx,
    "huawei-sdk": HuaweiSdk,
    "cozepy": Cozepy,
    "curl": Curl,
    "java": Java,
    "node": Node,
}
