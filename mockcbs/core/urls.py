"""URLs from users: base URLs of servers, and URLs that are not percent-encoded."""

from string import punctuation
from urllib.parse import quote, urlsplit

from mockcbs.core.errors import UserError


def check_base_url(url: str, example: str) -> None:
    """Raise `UserError` unless *url* is a base URL like *example*."""
    try:
        parts = urlsplit(url)
        named = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        named = False
    if not named:
        raise UserError(f"{url!r} is not a URL such as {example}")
    if parts.query or parts.fragment or parts.username or parts.password:
        raise UserError("a base URL has no query, fragment or password")


def encoded(url: str | bytes) -> str:
    """Percent-encode what no URL can hold, such as Chinese characters; what is encoded already stays so."""
    return quote(url, safe=punctuation)
