"""What answers in the place of the service: a proxy, a login page, somebody who refuses."""

import re
from urllib.parse import urljoin, urlsplit

from mockcbs.contract.kit import Kit
from mockcbs.contract.targets import Answer, Call, CannotRunError, NoAnswerError


def check_service(kit: Kit, service: str, answer: Answer) -> None:
    """Raise `CannotRunError` if the credentials are refused, or if it is another service."""
    name = kit.targets[service].name
    if answer.status in {401, 403}:
        raise CannotRunError(f"bad credentials: {name} says {said(kit, answer)}")
    recognize(kit, name, answer)


def recognize(kit: Kit, name: str, answer: Answer) -> None:
    """Raise `CannotRunError` if the response comes from a proxy or a login page."""
    target = urlsplit(urljoin(f"{name}{answer.call.path}", answer.headers.get("Location", "")))
    if 300 <= answer.status < 400 and not target.path.startswith(("/v1/", "/v3/")):
        raise CannotRunError(
            f"{name} sends us elsewhere: {answer.status} to {target.scheme}://{target.netloc}"
        )
    if "html" in answer.headers.get("Content-Type", "") or answer.text.lstrip().startswith("<"):
        title = re.search(r"<title>([^<]{0,80})", answer.text, re.IGNORECASE)
        page = f" ({' '.join(title[1].split())})" if title else ""
        raise CannotRunError(f"{name} answers {answer.status} with an HTML page{page}, not with the service")
    if answer.status in {407, 502, 503, 504}:
        raise CannotRunError(f"{name} is not available: {said(kit, answer)}")


def first(kit: Kit, service: str, call: Call) -> Answer:
    """The response to a first call; raises `CannotRunError` if there is none."""
    try:
        return kit.targets[service].send(call)
    except NoAnswerError as error:
        raise CannotRunError(kit.mask(str(error))) from error


def said(kit: Kit, answer: Answer) -> str:
    """The status, code and message of a refusal, shortened."""
    members = dict(re.findall(r'"(error_code|error_msg|message|code|msg)"\s*:\s*"?([^",}]*)', answer.text))
    names = ("error_code", "code", "error_msg", "msg", "message")
    words = " ".join(
        members[name] for name in names if members.get(name, str(answer.status)) != str(answer.status)
    )
    return kit.mask(f"{answer.status} {words or ' '.join(answer.text[:120].split())}")
