"""Servers that are right but for one small thing.

Most are a wrapper around the healthy application that rewrites what passes through it; those whose deviation
lies deeper replace one function of mockcbs while they run.
"""

import io
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import simplejson
from flask import Flask
from werkzeug.http import http_date
from werkzeug.test import run_wsgi_app

from mockcbs.services.gateway.projects import DEFAULT_PROJECT
from mockcbs.services.gateway.tokens import Token, TokenMint
from tests.conftest import NOW

EDGES = {"dataset": str(Path(__file__).with_name("edges.yaml"))}
"""A world of stated traffic, with figures on the edge of rounding and a session across midnight."""

Environ = dict[str, Any]


def sampled_worlds(worlds: list[Mapping[str, Any]]) -> list[Any]:
    """*worlds* as parameters: the default run tries everyday traffic, ``slow`` the rest."""
    return [pytest.param(world, id=str(world), marks=pytest.mark.slow if world else ()) for world in worlds]


def token_of(now: int) -> str:
    """A good token, issued at *now* (ms UTC)."""
    return TokenMint("mockcbs").issue(Token("mockcbs", "mockcbs", now, DEFAULT_PROJECT, "cn-north-4"))


TOKEN = token_of(NOW)


@dataclass
class Response:
    """An answer on its way through a mutant."""

    environ: Environ
    status: int
    headers: dict[str, str]
    body: bytes
    ask: Callable[[str], Any]
    """Asks the healthy application the same operation with another query."""

    @property
    def path(self) -> str:
        """What was asked for."""
        return str(self.environ["PATH_INFO"])

    @property
    def query(self) -> dict[str, str]:
        """With which parameters."""
        return dict(parse_qsl(self.environ["QUERY_STRING"]))

    @property
    def code(self) -> str:
        """The code of a failure."""
        found = re.search(rb'"error_code":"([^"]*)"', self.body)
        return found[1].decode() if found else ""

    def says(self, *words: str) -> bool:
        """Whether it is a good answer of one of these operations."""
        return self.status == 200 and self.path.endswith(words)


Before = Callable[[Environ], None]
After = Callable[[Response], None]


@dataclass(frozen=True)
class Mutant:
    """One deviation."""

    name: str
    clause: str
    """The clause that must break."""
    before: Before | None = None
    after: After | None = None
    patched: Callable[[], AbstractContextManager[Any]] = field(default=nullcontext)
    writes: bool = False
    """Whether the kit must ask questions to find it."""
    wire: bool = False
    """Whether it lies in what only servers add: a date."""
    world: Mapping[str, Any] = field(default_factory=dict)
    """Settings of the mock whose traffic shows it, if everyday traffic does not."""

    def application(self, healthy: Flask) -> Any:
        """The server with its deviation."""

        def app(environ: Environ, start_response: Any) -> Any:
            original = dict(environ)
            if self.before:
                self.before(environ)

            def ask(text: str) -> Any:
                again = {
                    **original,
                    "QUERY_STRING": text,
                    "REQUEST_URI": "",
                    "CONTENT_LENGTH": "0",
                    "wsgi.input": io.BytesIO(),
                }
                return loads(b"".join(run_wsgi_app(healthy, again)[0]))

            body, status, headers = run_wsgi_app(healthy, environ, buffered=True)
            response = Response(original, int(status[:3]), dict(headers), b"".join(body), ask)
            if self.wire:
                response.headers["Date"] = http_date()
            if self.after:
                self.after(response)
            if original["REQUEST_METHOD"] != "HEAD":
                response.headers["Content-Length"] = str(len(response.body))
            start_response(f"{response.status} X", list(response.headers.items()))
            return [response.body]

        return app


def loads(body: bytes) -> Any:
    return simplejson.loads(body, use_decimal=True)


def dumps(content: Any) -> bytes:
    return simplejson.dumps(content, use_decimal=True, ensure_ascii=False, separators=(",", ":")).encode()
