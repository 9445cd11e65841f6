"""Which calls a mock answers in process, and what is said of all others."""

import re
from collections.abc import Iterable
from functools import cache
from urllib.parse import urlsplit

from mockcbs.services import registry
from mockcbs.services.base import Service


def real() -> re.Pattern[str]:
    """URLs of the real hosts."""
    return _real(registry.services())


@cache
def _real(services: tuple[Service, ...]) -> re.Pattern[str]:
    hosts = "|".join(service.host_pattern.pattern for service in services)
    return re.compile(rf"https?://(?:[^/?#]*@)?(?:{hosts})(?::\d+)?(?:[/?]|$)")


def foreign(passthrough: Iterable[str]) -> re.Pattern[str]:
    """All other URLs but those that begin with one of *passthrough*."""
    others = (real().pattern, *map(re.escape, passthrough))
    return re.compile("".join(f"(?!{other})" for other in others))


def refusal(url: str) -> str:
    """Why *url* was not called, and how it may be; without its path and query, which may hold secrets."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    answered = ", ".join(name for service in registry.services() for name in service.hosts)
    accepted = f"passthrough=['{parts.scheme}://{host}/']"
    return (
        f"{host} was not called: this mock answers {answered}, and lets no other call out. "
        f"If this one is meant, name how its URL begins: Mock({accepted}) or @pytest.mark.mockcbs({accepted})"
    )
