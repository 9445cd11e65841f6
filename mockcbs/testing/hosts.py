"""The URLs that a mock handles in process, and the message for all others."""

import re
from collections.abc import Iterable
from functools import cache
from urllib.parse import urlsplit

from mockcbs.services import registry
from mockcbs.services.base import Service


def real() -> re.Pattern[str]:
    """A pattern of URLs of the real hosts."""
    return _real(registry.services())


@cache
def _real(services: tuple[Service, ...]) -> re.Pattern[str]:
    hosts = "|".join(service.host_pattern.pattern for service in services)
    return re.compile(rf"https?://(?:[^/?#]*@)?(?:{hosts})(?::\d+)?(?:[/?]|$)")


def foreign(passthrough: Iterable[str]) -> re.Pattern[str]:
    """A pattern of all other URLs, except those that begin with one of *passthrough*."""
    others = (real().pattern, *map(re.escape, passthrough))
    return re.compile("".join(f"(?!{other})" for other in others))


def refusal(url: str) -> str:
    """Why *url* was refused, and how to allow it; without its path and query, which may contain secrets."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    answered = ", ".join(name for service in registry.services() for name in service.hosts)
    accepted = f"passthrough=['{parts.scheme}://{host}/']"
    return (
        f"{host} was not called: this mock handles {answered}, and refuses other calls. "
        f"To allow this one, give the beginning of its URL: Mock({accepted}) "
        f"or @pytest.mark.mockcbs({accepted})"
    )
