"""The compared servers: how each is installed and configured for session-stats."""

import json
import subprocess
import sys
from abc import ABC, abstractmethod
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import mockoon
import openapi
from processes import free_port
from tools import Tools

PATTERN = "/v1/[^/]+/qabots/[^/]+/requests/session-stats"
"""The documented path as a regular expression."""
INTERVALS = "day|week|month|year"


@dataclass(frozen=True)
class Answers:
    """The bodies that all contenders return: the responses of mockcbs."""

    ok: bytes
    bad: bytes
    nobody: bytes

    def of(self, status: int) -> bytes:
        """The body of the response with this status."""
        return {200: self.ok, 400: self.bad, 401: self.nobody}[status]


class Contender(ABC):
    """A server with its default settings, except that it listens only on 127.0.0.1."""

    name: str
    title: str
    peer = True
    """Whether it is a mock server rather than a library or a plain web server."""
    jvm = False
    computes = False
    """Whether it computes its response from the request; the others return a constant."""
    version = ""

    @abstractmethod
    def install(self, tools: Tools) -> None:
        """Install it. Raises `MissingError` if that is impossible."""

    @abstractmethod
    def command(self, folder: Path, port: int, answers: Answers) -> list[str]:
        """The command that serves on *port*, after its files are written to *folder*."""


class Mockcbs(Contender):
    """mockcbs as it is installed for this Python, with its default settings."""

    name = "mockcbs"
    title = "mockcbs"
    peer = False
    computes = True

    def __init__(self, *flags: str) -> None:
        self._flags = flags

    def install(self, tools: Tools) -> None:
        del tools
        self.version = metadata.version("mockcbs")

    def command(self, folder: Path, port: int, answers: Answers) -> list[str]:
        del folder, answers
        return [*self.program(), "serve", "--quiet", "--port", str(port), *self._flags]

    @staticmethod
    def program() -> list[str]:
        """The ``mockcbs`` command of this Python."""
        beside = Path(sys.executable).with_name("mockcbs")
        return [str(beside)] if beside.exists() else [sys.executable, "-m", "mockcbs"]


class Nginx(Contender):
    """nginx as the upper limit: one worker that returns constants from its configuration, without an
    access log.
    """

    name = "nginx"
    title = "nginx"
    peer = False
    http = "access_log off; keepalive_requests 1000000000;"

    def install(self, tools: Tools) -> None:
        self._start = tools.debian("nginx", "nginx")
        told = subprocess.run([*self._start, "-v"], capture_output=True, text=True, check=True)
        self.version = told.stderr.strip().rpartition("/")[2]

    def command(self, folder: Path, port: int, answers: Answers) -> list[str]:
        (folder / "nginx.conf").write_text(
            f"""
            daemon off; worker_processes 1; pid nginx.pid; error_log stderr;
            events {{ }}
            http {{
              {self.http}
              default_type application/json;
              client_body_temp_path .; proxy_temp_path .; fastcgi_temp_path .;
              uwsgi_temp_path .; scgi_temp_path .;
              server {{
                listen 127.0.0.1:{port};
                location ~ ^{PATTERN}$ {{
                  if ($http_x_auth_token = "") {{ return 401 '{answers.nobody.decode()}'; }}
                  if ($arg_interval !~ ^({INTERVALS})$) {{ return 400 '{answers.bad.decode()}'; }}
                  return 200 '{answers.ok.decode()}';
                }}
              }}
            }}
            """,
            "utf-8",
        )
        return [*self._start, "-p", str(folder), "-e", "stderr", "-c", "nginx.conf"]


class LoggingNginx(Nginx):
    """nginx with its defaults: it logs each request and closes a connection after a thousand requests."""

    name = "nginx-log"
    title = "nginx with its log"
    http = "access_log access.log combined;"


class WireMock(Contender):
    """WireMock: the jar in the npm package `wiremock`, with three mappings."""

    name = "wiremock"
    title = "WireMock"
    jvm = True

    def install(self, tools: Tools) -> None:
        self._java = tools.java()
        folder, self.version = tools.npm("wiremock", "3")
        (self._jar,) = folder.glob("build/*.jar")

    def command(self, folder: Path, port: int, answers: Answers) -> list[str]:
        conditions: list[tuple[int, dict[str, Any]]] = [
            (401, {"headers": {"X-Auth-Token": {"absent": True}}}),
            (400, {"queryParameters": {"interval": {"doesNotMatch": INTERVALS}}}),
            (200, {}),
        ]
        mappings = [
            {
                "priority": priority,
                "request": {"method": "GET", "urlPathPattern": PATTERN, **condition},
                "response": {
                    "status": status,
                    "headers": {"Content-Type": "application/json"},
                    "body": answers.of(status).decode(),
                },
            }
            for priority, (status, condition) in enumerate(conditions, 1)
        ]
        (folder / "mappings").mkdir()
        _write(folder / "mappings" / "stats.json", {"mappings": mappings})
        serve = ["--root-dir", str(folder), "--port", str(port), "--bind-address", "127.0.0.1"]
        return [self._java, "-jar", str(self._jar), *serve]


class MockServer(Contender):
    """MockServer: the jar in the npm package `mockserver-node`, with three expectations."""

    name = "mockserver"
    title = "MockServer"
    jvm = True

    def install(self, tools: Tools) -> None:
        self._java = tools.java()
        folder, self.version = tools.npm("mockserver-node", "8")
        (self._jar,) = folder.glob("*.jar")

    def command(self, folder: Path, port: int, answers: Answers) -> list[str]:
        conditions: list[tuple[int, dict[str, Any]]] = [
            (401, {"headers": {"!X-Auth-Token": [".*"]}}),
            (200, {"queryStringParameters": {"interval": [INTERVALS]}}),
            (400, {}),
        ]
        expectations = [
            {
                "priority": -place,
                "httpRequest": {"method": "GET", "path": PATTERN, **condition},
                "httpResponse": {
                    "statusCode": status,
                    "headers": {"Content-Type": ["application/json"]},
                    "body": answers.of(status).decode(),
                },
            }
            for place, (status, condition) in enumerate(conditions)
        ]
        _write(folder / "expectations.json", expectations)
        told = ["-Dmockserver.localBoundIP=127.0.0.1"]
        serve = ["run", "--port", str(port), "--init", "expectations.json"]
        return [self._java, *told, "-jar", str(self._jar), *serve]


class Specmatic(Contender):
    """Specmatic: the jar in the npm package `specmatic`, with an OpenAPI document and one example."""

    name = "specmatic"
    title = "Specmatic"
    jvm = True

    def install(self, tools: Tools) -> None:
        self._java = tools.java()
        folder, self.version = tools.npm("specmatic", "2")
        self._jar = folder / "specmatic.jar"

    def command(self, folder: Path, port: int, answers: Answers) -> list[str]:
        _write(folder / "api.json", openapi.document(answers.of))
        (folder / "api_examples").mkdir()
        _write(folder / "api_examples" / "stats.json", openapi.specmatic_example(answers.ok))
        return [self._java, "-jar", str(self._jar), "stub", "api.json", f"--port={port}", "--host=127.0.0.1"]


class Prism(Contender):
    """Prism: the npm package `@stoplight/prism-cli`, with an OpenAPI document with examples."""

    name = "prism"
    title = "Prism"
    flags: tuple[str, ...] = ()

    def install(self, tools: Tools) -> None:
        self._node = tools.node()
        self._package, self.version = tools.npm("@stoplight/prism-cli", "5")

    def command(self, folder: Path, port: int, answers: Answers) -> list[str]:
        _write(folder / "api.json", openapi.document(answers.of))
        script = self._package / "dist" / "index.js"
        return [self._node, str(script), "mock", "api.json", "--port", str(port), *self.flags]


class SilentPrism(Prism):
    """Prism without its log, which takes half of its time."""

    name = "prism-silent"
    title = "Prism, silent"
    flags = ("--verboseLevel", "silent")


class Mockoon(Contender):
    """Mockoon: the npm package `@mockoon/cli`, with one route with three responses and their rules."""

    name = "mockoon"
    title = "Mockoon"

    def install(self, tools: Tools) -> None:
        self._node = tools.node()
        self._package, self.version = tools.npm("@mockoon/cli", "9")

    def command(self, folder: Path, port: int, answers: Answers) -> list[str]:
        _write(folder / "environment.json", mockoon.environment(port, INTERVALS, answers.of))
        script = self._package / "bin" / "run.js"
        serve = ["start", "--data", "environment.json", "--hostname", "127.0.0.1", "--disable-log-to-file"]
        return ["env", f"HOME={folder}", self._node, str(script), *serve]


class JsonServer(Contender):
    """json-server: the npm package, with a resource, a route to it, and a middleware for errors."""

    name = "json-server"
    title = "json-server"

    def install(self, tools: Tools) -> None:
        self._node = tools.node()
        self._package, self.version = tools.npm("json-server", "0.17")

    def command(self, folder: Path, port: int, answers: Answers) -> list[str]:
        _write(folder / "db.json", {"stats": json.loads(answers.ok)})
        _write(folder / "routes.json", {"/v1/:project/qabots/:bot/requests/session-stats*": "/stats"})
        (folder / "refuse.js").write_text(
            f"""
            module.exports = (request, response, next) => {{
              if (!request.headers['x-auth-token']) response.status(401).json({answers.nobody.decode()})
              else if (!/^({INTERVALS})$/.test(request.query.interval))
                response.status(400).json({answers.bad.decode()})
              else next()
            }}
            """,
            "utf-8",
        )
        script = self._package / "lib" / "cli" / "bin.js"
        serve = ["db.json", "--routes", "routes.json", "--middlewares", "refuse.js"]
        return [self._node, str(script), *serve, "--host", "127.0.0.1", "--port", str(port)]


class Mountebank(Contender):
    """mountebank: the npm package `@mbtest/mountebank`, with an imposter with three stubs."""

    name = "mountebank"
    title = "mountebank"

    def install(self, tools: Tools) -> None:
        self._node = tools.node()
        self._package, self.version = tools.npm("@mbtest/mountebank", "2")

    def command(self, folder: Path, port: int, answers: Answers) -> list[str]:
        conditions: list[tuple[int, list[dict[str, Any]]]] = [
            (401, [{"exists": {"headers": {"X-Auth-Token": False}}}]),
            (400, [{"not": {"matches": {"query": {"interval": f"^({INTERVALS})$"}}}}]),
            (200, []),
        ]
        stubs = [
            {
                "predicates": [{"matches": {"method": "GET", "path": f"^{PATTERN}$"}}, *condition],
                "responses": [
                    {
                        "is": {
                            "statusCode": status,
                            "headers": {"Content-Type": "application/json"},
                            "body": answers.of(status).decode(),
                        }
                    }
                ],
            }
            for status, condition in conditions
        ]
        imposter = {"port": port, "protocol": "http", "host": "127.0.0.1", "stubs": stubs}
        _write(folder / "imposters.json", {"imposters": [imposter]})
        script = self._package / "bin" / "mb"
        serve = ["--configfile", "imposters.json", "--host", "127.0.0.1", "--port", str(free_port())]
        return [self._node, str(script), "start", *serve]


class PytestHttpserver(Contender):
    """pytest-httpserver from PyPI, with a handler that returns three constants."""

    name = "pytest-httpserver"
    title = "pytest-httpserver"
    peer = False

    def install(self, tools: Tools) -> None:
        self._python, (self.version,) = tools.pypi("pytest-httpserver")

    def command(self, folder: Path, port: int, answers: Answers) -> list[str]:
        return [str(self._python), str(_HERE / "plain.py"), "httpserver", _bodies(folder, answers), str(port)]


class GunicornFlask(Contender):
    """Flask and gunicorn from PyPI: a view that returns three constants; gunicorn's default of one worker."""

    name = "flask"
    title = "Flask on gunicorn"
    peer = False

    def install(self, tools: Tools) -> None:
        self._python, versions = tools.pypi("flask", "gunicorn")
        self.version = f"{versions[0]} on {versions[1]}"

    def command(self, folder: Path, port: int, answers: Answers) -> list[str]:
        application = f"plain:flask({_bodies(folder, answers)!r})"
        serve = ["--chdir", str(_HERE), "--bind", f"127.0.0.1:{port}", application]
        return [str(self._python), "-m", "gunicorn", *serve]


CONTENDERS: tuple[type[Contender], ...] = (
    Mockcbs,
    Nginx,
    LoggingNginx,
    WireMock,
    MockServer,
    Specmatic,
    Prism,
    SilentPrism,
    Mockoon,
    JsonServer,
    Mountebank,
    PytestHttpserver,
    GunicornFlask,
)

_HERE = Path(__file__).parent


def _write(file: Path, content: object) -> None:
    file.write_text(json.dumps(content, ensure_ascii=False), "utf-8")


def _bodies(folder: Path, answers: Answers) -> str:
    """Write the bodies by status for `plain.py` to *folder*, and return *folder*."""
    for status in (200, 400, 401):
        (folder / f"{status}.json").write_bytes(answers.of(status))
    return str(folder)
