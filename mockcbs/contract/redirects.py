"""Explains in one sentence where a target redirects to, instead of sending a response of the service."""

import re
from urllib.parse import SplitResult, urljoin, urlsplit

from mockcbs.contract.kit import Kit
from mockcbs.contract.targets import Answer, Call, NoAnswerError

MAX_REDIRECTS = 10
"""After this many redirects on one server, the next one counts as a loop."""
_LOGIN_PATH = re.compile(r"/(log-?in|sign-?in|sso|cas|auth|oauth2?|passport|portal)\b", re.IGNORECASE)
_LOGIN_HOST = re.compile(r"^(login|signin|sso|cas|auth|passport)\.", re.IGNORECASE)


def explained(kit: Kit, name: str, answer: Answer) -> str:
    """Where the target *name* redirects to: https, a login page, another server, itself, or another path."""
    if not answer.headers.get("Location"):
        return f"{name} redirects without naming a place: {answer.status} without a Location header"
    here, there = urlsplit(f"{name}{answer.call.target}"), urlsplit(_location(name, answer))
    is_here = _origin(here) == _origin(there)
    # The path on another server, and any query, may contain secrets.
    place = f"{name if is_here else _origin(there)}{_path(name, there) if is_here else ''}"
    where = kit.mask(f"{answer.status} to {place}")
    if (here.scheme, there.scheme) == ("http", "https") and here.hostname == there.hostname:
        return f"{name} redirects to https: its URL must begin with https:// ({where})"
    if _is_login(here, there):
        return f"{name} redirects to a login page, perhaps of a captive portal: {where}"
    if not is_here:
        return f"{name} redirects to another server: {where}"
    if _is_loop(kit, name, answer):
        return f"{name} redirects to itself in a loop: {where}"
    return f"{name} redirects to another path instead of responding: {where}"


def _is_login(here: SplitResult, there: SplitResult) -> bool:
    """Whether *there* names a login by a word that the path of *here* (``/v3/auth/``) does not have."""
    word = _LOGIN_PATH.search(there.path)
    host = here.netloc != there.netloc and _LOGIN_HOST.search(there.netloc)
    return bool(host or (word and word[0] not in here.path))


def _location(name: str, answer: Answer) -> str:
    return urljoin(f"{name}{answer.call.target}", answer.headers.get("Location", ""))


def _origin(url: SplitResult) -> str:
    return f"{url.scheme}://{url.netloc}"


def _path(name: str, there: SplitResult) -> str:
    """The path of *there* below the URL *name*."""
    return there.path.removeprefix(urlsplit(name).path)


def _is_loop(kit: Kit, name: str, answer: Answer) -> bool:
    """Follow redirects within the target, without credentials, until a URL comes a second time."""
    target = next(one for one in kit.targets.values() if one.name == name)
    seen = {f"{name}{answer.call.target}"}
    for _ in range(MAX_REDIRECTS):
        url = _location(name, answer)
        if url in seen:
            return True
        seen.add(url)
        if not url.startswith(f"{name}/"):
            return False
        path, _, query = url.removeprefix(name).partition("#")[0].partition("?")
        try:
            answer = target.send(Call("GET", path, query, {}))
        except NoAnswerError:
            return False
        if not 300 <= answer.status < 400 or not answer.headers.get("Location"):
            return False
    return True
