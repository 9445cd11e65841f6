"""Ways in which a server of Coze can deviate: wrappers that rewrite what passes, and functions replaced."""

import io
import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl, urlencode

from mockcbs.services.coze import analytics
from mockcbs.services.coze.analytics import Question
from tests.contract.mutants import After, Before, Environ, Response, dumps, loads

Content = dict[str, Any]
Change = Callable[[Content, Response], Any]

BOT = r"/bots/\d{16,}"
FLOW = r"/workflows/\d{16,}"
STATS = rf"{BOT}/analytics$"
LOGS = rf"{BOT}/analytics/logs$"


def code_of(response: Response) -> int | None:
    try:
        content = json.loads(response.body)
        return content.get("code") if isinstance(content, dict) else None
    except ValueError:
        return None


def good(pattern: str, change: Change, method: str = "") -> After:
    """A deviation of the successes of some paths."""

    def after(response: Response) -> None:
        asked = not method or response.environ["REQUEST_METHOD"] == method
        if asked and re.search(pattern, response.path) and code_of(response) == 0:
            content = loads(response.body)
            change(content, response)
            response.body = dumps(content)

    return after


def bare(pattern: str, change: Change) -> After:
    """A deviation of the answers of the token endpoints."""

    def after(response: Response) -> None:
        if re.search(pattern, response.path):
            content = loads(response.body)
            change(content, response)
            response.body = dumps(content)

    return after


def bad(
    code: int,
    *,
    pattern: str = "",
    status: int | None = None,
    becomes: int | None = None,
    change: Callable[[Content], Any] = bool,
) -> After:
    """A deviation of one kind of refusal: another status, another code, or another body."""

    def after(response: Response) -> None:
        if code_of(response) == code and re.search(pattern, response.path):
            content = loads(response.body)
            if becomes is not None:
                content["code"] = becomes
            change(content)
            response.body = dumps(content)
            response.status = status or response.status

    return after


def forgiven(code: int, pattern: str = "") -> After:
    """A refusal that looks like a success."""

    def change(content: Content) -> None:
        content.update(msg="", data={})

    return bad(code, pattern=pattern, status=200, becomes=0, change=change)


def rows(content: Content) -> list[Content]:
    return [*content["data"]["metrics"], content["data"]["summary"]]


def each(change: Callable[[Content], Any], pattern: str = STATS) -> After:
    """A deviation of every set of figures."""
    return good(pattern, lambda c, _: [change(row) for row in rows(c)])


def summary(change: Callable[[Content, list[Content]], Any], pattern: str = STATS) -> After:
    """A deviation of the summary."""
    return good(pattern, lambda c, _: change(c["data"]["summary"], c["data"]["metrics"]))


def metrics(change: Callable[[list[Content]], Any], pattern: str = STATS) -> After:
    """Other rows."""

    def after(content: Content, _: Response) -> None:
        content["data"]["metrics"] = change(content["data"]["metrics"])

    return good(pattern, after)


def items(change: Callable[[Content], Any], pattern: str = LOGS) -> After:
    """A deviation of every raw event."""
    return good(pattern, lambda c, _: [change(item) for item in c["data"]["items"]])


def data(pattern: str, change: Callable[[Any], Any], method: str = "") -> After:
    """A deviation of ``data``."""
    return good(pattern, lambda c, _: change(c["data"]), method)


def asked(change: Callable[[dict[str, str]], Any], pattern: str = "analytics") -> Before:
    """Parameters misread."""

    def before(environ: Environ) -> None:
        if re.search(pattern, environ["PATH_INFO"]):
            query = dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True))
            change(query)
            environ["QUERY_STRING"] = urlencode(query)

    return before


def sent(change: Callable[[Content], Any], pattern: str) -> Before:
    """A body misread."""

    def before(environ: Environ) -> None:
        if re.search(pattern, environ["PATH_INFO"]) and environ["REQUEST_METHOD"] in {"POST", "PUT"}:
            raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            try:
                content = json.loads(raw)
                change(content)
                raw = json.dumps(content).encode()
            except (ValueError, AttributeError, TypeError, KeyError):
                pass
            environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(raw), str(len(raw))

    return before


def header(name: str, value: str | None, pattern: str = "") -> After:
    def after(response: Response) -> None:
        if re.search(pattern, response.path):
            response.headers.pop(name, None)
            if value is not None:
                response.headers[name] = value

    return after


def when(test: Callable[[Response], Any], change: Callable[[Response], Any]) -> After:
    def after(response: Response) -> None:
        if test(response):
            change(response)

    return after


def answers(status: int, body: bytes | None = None, kind: str = "") -> Callable[[Response], None]:
    def change(response: Response) -> None:
        response.status = status
        response.body = response.body if body is None else body
        if kind:
            response.headers["Content-Type"] = kind

    return change


def refusing(status: int = 400, code: int = 4000) -> Callable[[Response], None]:
    """A refusal in place of the answer, in the right envelope."""

    def change(response: Response) -> None:
        logid = response.headers.get("X-Tt-Logid")
        response.body = dumps({"code": code, "msg": "no", "detail": {"logid": logid}})
        response.status = status

    return change


def stream(change: Callable[[bytes], bytes], pattern: str = "/v3/chat$") -> After:
    """A deviation of a stream."""

    def after(response: Response) -> None:
        if re.search(pattern, response.path) and "event-stream" in response.headers["Content-Type"]:
            response.body = change(response.body)

    return after


def events(change: Callable[[list[bytes]], list[bytes]], pattern: str = "/v3/chat$") -> After:
    """A deviation of the events of a stream."""

    def changed(body: bytes) -> bytes:
        return b"".join(event + b"\n\n" for event in change(body[:-2].split(b"\n\n")))

    return stream(changed, pattern)


def without(name: str) -> Callable[[list[bytes]], list[bytes]]:
    return lambda found: [event for event in found if not event.startswith(f"event:{name}\n".encode())]


def answer_with(
    make: Callable[[Question], Question],
    mend: Callable[[Content], Any] = bool,
    **constants: Any,
) -> Callable[[], Any]:
    """The analytics of another question, or with other constants, mended afterwards."""

    def patched() -> Any:
        original = analytics.answer

        def answer(log: Any, question: Question) -> Content:
            with patch.multiple(analytics, **constants) if constants else patch.dict({}):
                content = original(log, make(question))
            mend(content)
            return content

        return patch.object(analytics, "answer", answer)

    return patched


def rounding(mode: str, places: int | None = None) -> Callable[[], Any]:
    def quotient(numerator: int, denominator: int, usual: int) -> float:
        exact = Decimal(numerator) / denominator
        return float(exact.quantize(Decimal(1).scaleb(-(usual if places is None else places)), mode))

    return lambda: patch.object(analytics, "quotient", quotient)


def reverse(name: str) -> Callable[[Any], None]:
    return lambda found: found[name].reverse()


def drop(*names: str) -> Callable[[Content], None]:
    def change(content: Content) -> None:
        for name in names:
            content.pop(name, None)

    return change


def put(**members: Any) -> Callable[[Content], None]:
    return lambda content: content.update(members)


def inside(*path: str, change: Callable[[Any], Any]) -> Callable[[Any], None]:
    """A change deep inside: of every element where the path leads to an array."""

    def at(content: Any) -> None:
        found = [content]
        for name in path:
            found = [
                inner
                for one in found
                if isinstance(one, dict) and name in one
                for inner in _listed(one[name])
            ]
        for one in found:
            change(one)

    return at


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def is_for(path: str, method: str = "") -> Callable[[Response], bool]:
    return lambda r: bool(re.search(path, r.path)) and method in {"", r.environ["REQUEST_METHOD"]}
