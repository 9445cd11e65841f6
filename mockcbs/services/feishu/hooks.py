"""Custom bots: a message to the token of a bot reaches the bot's group (contract 4.5)."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from mockcbs.core.errors import ApiError
from mockcbs.core.json_input import JSONInputError, loads
from mockcbs.core.made_ids import made_id
from mockcbs.messages.store import Message, Messages
from mockcbs.services.feishu import contents, errors, rates
from mockcbs.web import context

MAX_BYTES = 20 * 1024
_VALID_SECONDS = 3600
_FORM = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Hook(NamedTuple):
    """A custom bot."""

    token: str
    secret: str = ""
    """The secret that must sign messages; empty if they need no signature."""
    keywords: tuple[str, ...] = ()
    """A message must contain one of these; empty if every message is accepted."""


def sign(timestamp: str, secret: str) -> str:
    """The signature of a message at that *timestamp* (Unix seconds)."""
    digest = hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def receive(token: str, raw: bytes) -> Message:
    """Check and store a message to the bot with that *token*; raises the errors of the service."""
    errors.failing(token)
    hook = _hook(token)
    if len(raw) > MAX_BYTES:
        raise _bad(f"the body has {len(raw)} bytes; at most {MAX_BYTES} are accepted")
    try:
        body = loads(raw)
    except JSONInputError as error:
        raise _bad(str(error)) from error
    if not isinstance(body, dict):
        raise _bad("the body is not a JSON object")
    if hook.secret:
        _check_signature(hook, body)
    if reason := contents.hook_problem(body):
        raise _bad(reason)
    content = body["card"] if body["msg_type"] == "interactive" else body["content"]
    text = contents.text_of(content)
    if hook.keywords and not any(word in text for word in hook.keywords):
        raise ApiError(errors.row(19024), f"the text contains no keyword ({', '.join(hook.keywords)})")
    rates.check_hook(token)
    return _kept(token, body["msg_type"], content, text)


def _hook(token: str) -> Hook:
    mock = context.mock()
    stated: Mapping[str, Hook] = mock.dataset.services.get("feishu", {}).get("hooks", {})
    if found := stated.get(token):
        return found
    if mock.settings.strict or not _FORM.fullmatch(token):
        raise ApiError(errors.row(19001), f"the dataset has no custom bot {token!r}")
    return Hook(token)


def _check_signature(hook: Hook, body: dict[str, Any]) -> None:
    timestamp, signature = str(body.get("timestamp", "")), str(body.get("sign", ""))
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        raise ApiError(errors.row(19021), f"timestamp {timestamp!r} is not a time in seconds")
    if abs(context.now() / 1000 - int(timestamp)) > _VALID_SECONDS:
        raise ApiError(errors.row(19021), f"timestamp {timestamp} is more than one hour off the mock's clock")
    if not hmac.compare_digest(signature.encode(), sign(timestamp, hook.secret).encode()):
        raise ApiError(errors.row(19021), "sign does not match the timestamp and the bot's secret")


def _bad(reason: str) -> ApiError:
    return ApiError(errors.row(9499), reason)


def _kept(token: str, msg_type: str, content: Any, text: str) -> Message:
    documents, scope = context.mock().documents, context.scope() or ""
    held = documents.get("feishu.issued", scope, "hooks")
    number: int = (held["count"] if held else 0) + 1
    documents.put("feishu.issued", scope, "hooks", {"count": number})
    message_id = made_id("om_", 32, context.mock().seed, scope, "hook", number)
    message = Message(message_id, context.now(), "hook", token, text, content, msg_type, scope)
    return Messages(documents).add(message)
