"""The routes of the console. Modules that only they need are imported on the first request."""

from typing import Any

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from mockcbs.control import access
from mockcbs.core import json_input
from mockcbs.core.waiting import leave_loop
from mockcbs.web import context
from mockcbs.web.problems import Problem

blp = Blueprint("console", __name__, url_prefix="/_mockcbs/console")

_HOME = "/_mockcbs/console/analysis"
_OPEN = {"console.home", "console.page", "console.call", "console.asset", "console.sign_in"}
"""Open to every browser that can reach the mock: they contain no data, and the page to sign in."""


@blp.before_request
def _check_access() -> None:
    access.check_origin()
    if request.endpoint not in _OPEN:
        access.check_token()
        leave_loop()  # its data may take long: it reads files, searches the journal, calls the API


@blp.get("")
def home() -> AnyResponse:
    """The first page."""
    return redirect(_HOME)


@blp.get("/<page>")
def page(page: str) -> Response:
    """The HTML of a page."""
    from mockcbs.console import pages, words  # noqa: PLC0415 - only who opens the console needs them

    if page not in words.PAGES:
        raise Problem(
            404, "Not Found", f"the console has no page {page!r}; the pages are {', '.join(words.PAGES)}"
        )
    return pages.shell(page, request)


@blp.get("/calls/<number>")
def call(number: str) -> Response:
    """The HTML of the page of one call, or of the difference of two (``7..9``)."""
    from mockcbs.console import pages  # noqa: PLC0415

    del number
    return pages.shell("calls", request)


@blp.get("/assets/<version>/<name>")
def asset(version: str, name: str) -> Response:
    """A script, a style sheet or the icon."""
    from mockcbs.console import pages  # noqa: PLC0415

    found = pages.asset(name, version)
    if found is None:
        raise Problem(404, "Not Found", "this version of the console has no such file; reload the page")
    return found


@blp.post("/session")
def sign_in() -> Response:
    """Sign a browser in with the token of ``--control-token``, sent as JSON."""
    sent = _json()
    token = sent.get("token") if isinstance(sent, dict) else None
    if not isinstance(token, str):
        raise Problem(400, "Bad Request", 'send {"token": "…"}')
    return access.sign_in(token, Response(status=204))


@blp.delete("/session")
def sign_out() -> Response:
    """Sign the browser out."""
    return access.sign_out(Response(status=204))


@blp.get("/data/overview")
def overview() -> dict[str, Any]:
    """The state of the mock: clock, scenario, dataset and the available choices."""
    from mockcbs.console import overview as found  # noqa: PLC0415
    from mockcbs.console.pages import language_of  # noqa: PLC0415

    return found.overview(context.mock(), language_of(request))


@blp.get("/data/bots")
def bots() -> dict[str, Any]:
    """The bots and workflows to choose from."""
    from mockcbs.console import bots as found  # noqa: PLC0415

    return {"bots": found.listed(context.mock())}


@blp.post("/data/figures")
def figures() -> Response:
    """The API's responses to requests, as a client would get them."""
    from mockcbs.console import asking  # noqa: PLC0415

    return asking.answers(_json())


@blp.get("/data/explain")
def explain() -> dict[str, Any]:
    """The explanation of a figure, and code for the call behind it."""
    from mockcbs.console import asking  # noqa: PLC0415

    return asking.explained(request.args)


@blp.get("/data/calls")
def calls() -> dict[str, Any]:
    """Calls of the journal, in short form."""
    from mockcbs.console import calls as found  # noqa: PLC0415

    return found.listed(context.mock(), request.args)


@blp.get("/data/calls/<int:number>")
def one_call(number: int) -> dict[str, Any]:
    """One call with all details."""
    from mockcbs.console import calls as found  # noqa: PLC0415

    return found.shown(context.mock(), number)


@blp.post("/data/calls/<int:number>/again")
def call_again(number: int) -> dict[str, Any]:
    """Send a call again."""
    from mockcbs.console import calls as found  # noqa: PLC0415

    return found.again(context.mock(), number)


@blp.get("/events")
def events() -> Response:
    """Hints about changes, as server-sent events."""
    from mockcbs.console import events as found  # noqa: PLC0415

    return found.stream(context.mock(), endless=context.current().delivers)


def _json() -> Any:
    """The JSON body; `None` if it is not JSON."""
    try:
        return json_input.loads(request.get_data())
    except json_input.JSONInputError:
        return None
