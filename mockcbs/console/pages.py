"""The HTML shells of the console and their assets, read from the package on first use."""

import hashlib
import mimetypes
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from flask import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from mockcbs.console.words import LANGUAGES, WORDS, Language
from mockcbs.control.access import HEADER
from mockcbs.core.version import VERSION

_HERE = Path(__file__).parent
_A_YEAR = 365 * 86_400

_SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob: data:",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
_EXPLORER_SOURCES = {**_SOURCES, "style-src": "'self' 'unsafe-inline'", "font-src": "data:"}
"""Swagger UI writes styles into elements, so its page must allow them."""


def shell(page: str, request: Request) -> Response:
    """The HTML of *page*, in the language and theme chosen in the browser; it contains no data."""
    language = language_of(request)
    html = _templates().render(
        page=page,
        language=language,
        theme=request.cookies.get("mockcbs_theme", "auto"),
        words=WORDS[language],
        assets=f"/_mockcbs/console/assets/{version()}",
        header=HEADER,
        mockcbs_version=VERSION,
    )
    return _document(html, _SOURCES)


def explorer(request: Request) -> Response:
    """The HTML of the explorer, in the language chosen in the browser; it contains no data."""
    template = _template_environment().get_template("explorer.html")
    language = language_of(request)
    html = template.render(
        assets=f"/_mockcbs/console/assets/{version()}",
        header=HEADER,
        language=language,
        words=WORDS[language],
    )
    return _document(html, _EXPLORER_SOURCES)


def _document(html: str, sources: Mapping[str, str]) -> Response:
    response = Response(html, mimetype="text/html")
    policy = "; ".join(f"{kind} {allowed}" for kind, allowed in sources.items())
    response.headers["Content-Security-Policy"] = policy
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def asset(name: str, asked_version: str) -> Response | None:
    """A script, a style sheet or the icon; `None` for an unknown name or version."""
    content = _assets().get(name)
    if content is None or asked_version != version():
        return None
    response = Response(content, mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream")
    response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@cache
def version() -> str:
    """The version of all assets: a digest of their contents."""
    digest = hashlib.sha256()
    for name, content in sorted(_assets().items()):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def language_of(request: Request) -> Language:
    """The language chosen in the console, or else the one that the browser prefers."""
    chosen = request.args.get("lang") or request.cookies.get("mockcbs_lang")
    if chosen in LANGUAGES:
        return chosen
    best = request.accept_languages.best_match(["en", "zh", "zh-CN", "zh-Hans", "zh-TW"], "en")
    return "zh" if best.startswith("zh") else "en"


@cache
@cache
def _assets() -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (_HERE / "static").iterdir() if file.is_file()}


@cache
def _template_environment() -> Environment:
    loader = FileSystemLoader(_HERE / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined)


def _templates() -> Template:
    return _template_environment().get_template("shell.html")
