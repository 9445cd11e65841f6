"""``/_mockcbs/docs``: Swagger UI for the documents, with working credentials and code for each call."""

import mimetypes
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request

from mockcbs.control import access
from mockcbs.control.samples import authorized
from mockcbs.core import extras
from mockcbs.core.waiting import leave_loop
from mockcbs.samples.request import Request
from mockcbs.services import registry
from mockcbs.services.base import Service
from mockcbs.web import context
from mockcbs.web.problems import Problem

blp = Blueprint("explorer", __name__, url_prefix="/_mockcbs/docs")

_OPEN = {"explorer.page", "explorer.part"}
"""Open to every browser that can reach the mock; they contain no data."""
_PARTS = ("swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js")
_PACKAGE = "flask_swagger_ui"


@blp.before_request
def _check_access() -> None:
    access.check_origin()
    if request.endpoint not in _OPEN:
        access.check_token()
        leave_loop()  # the credentials take as long as a document


@blp.get("")
def page() -> Response:
    """The page, which loads everything else."""
    _folder()
    from mockcbs.console import pages  # noqa: PLC0415 - only who opens the explorer needs it

    return pages.explorer(request)


@blp.get("/parts/<name>")
def part(name: str) -> Response:
    """A file of Swagger UI."""
    if name not in _PARTS:
        raise Problem(
            404, "Not Found", f"the explorer has no part {name!r}; the parts are {', '.join(_PARTS)}"
        )
    response = Response((_folder() / name).read_bytes(), mimetype=mimetypes.guess_type(name)[0])
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


@blp.get("/setup")
def setup() -> dict[str, Any]:
    """The documents, working values for security schemes, and words in the page's language.

    Names of operations are by operationId, descriptions and words of Swagger UI by their English text; all
    are empty in English.
    """
    services = registry.services()
    names = [(one.title, f"/{one.name}") for one in services]
    names += [("mockcbs control API", "/control"), ("all together", "")]
    documents = [{"name": title, "url": f"/_mockcbs/openapi{path}.json"} for title, path in names]
    values = {scheme: value for one in services for scheme, value in _credentials(one)}
    return {"documents": documents, "credentials": values, **_translations()}


def _translations() -> dict[str, Any]:
    from mockcbs.console import pages  # noqa: PLC0415 - only who opens the explorer needs it
    from mockcbs.console.explorer_descriptions import DESCRIPTIONS  # noqa: PLC0415 - as above
    from mockcbs.console.explorer_words import WORDS  # noqa: PLC0415 - as above

    if pages.language_of(request) == "en":
        return {"names": {}, "descriptions": {}, "words": {}}
    return {"names": _chinese_names(), "descriptions": dict(DESCRIPTIONS), "words": dict(WORDS)}


def _chinese_names() -> dict[str, str]:
    from mockcbs.console.explorer_words import NAMES  # noqa: PLC0415 - as above
    from mockcbs.control.openapi.stated import documentation_of  # noqa: PLC0415 - as heavy as a document

    names = dict(NAMES)
    for service in registry.services():
        chinese = documentation_of(service).chinese
        names |= {f"{service.name}_{operation}": name for operation, name in chinese.items()}
    return names


def _credentials(service: Service) -> Iterator[tuple[str, str]]:
    from mockcbs.control.openapi.stated import documentation_of  # noqa: PLC0415 - as heavy as a document

    sent = authorized(Request("GET", request.host_url, operation=f"{service.name}."), context.mock())
    for together in documentation_of(service).security:
        for name, scheme in together.items():
            if scheme["type"] == "http":
                yield name, sent.header("Authorization").removeprefix("Bearer ")
            elif scheme["in"] == "header" and (value := sent.header(scheme["name"])):
                yield name, value


def _folder() -> Path:
    """The folder with the files of Swagger UI; raises `Problem` if they are not installed."""
    found = find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise Problem(501, "Not Implemented", extras.missing("the explorer", "Swagger UI", "console"))
    return Path(found.origin).parent / "dist"
