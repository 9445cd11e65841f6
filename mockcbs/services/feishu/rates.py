"""Rate limits with --strict; they use real time and count the calls of all workers."""

import time

from mockcbs.core.errors import ApiError
from mockcbs.services.feishu import errors
from mockcbs.web import context
from mockcbs.web.cache import caching

WRITES_PER_SECOND = 50
"""The limit of calls a second that create or change records (contract 4.3.2)."""
CALLS_PER_SECOND = 20
"""The limit of all other calls a second."""
MESSAGES_PER_SECOND = 5
"""The limit of messages a second to one chat (contract 4.4)."""
HOOKS = ((5, 1), (100, 60))
"""The limits of messages to one custom bot, each with its number of seconds (contract 4.5)."""

_WRITES = frozenset(
    f"feishu.{name}"
    for name in ("create_record", "create_records", "update_record", "update_records", "delete_record")
)
_KIND = "feishu.rates"


def check_call(endpoint: str) -> None:
    """Count a call in the current scope; raises 99991400 over the limit."""
    if context.mock().settings.strict:
        caching.never()
    limit = limit_of(endpoint)
    if _is_over(endpoint, limit, 1):
        raise ApiError(errors.THROTTLED, f"more than {limit} calls of {endpoint} in a second (--strict)")


def limit_of(endpoint: str) -> int:
    """The number of calls of *endpoint* a second that an app may make."""
    return WRITES_PER_SECOND if endpoint in _WRITES else CALLS_PER_SECOND


def check_chat(chat_id: str) -> None:
    """Count a message to a chat; raises 230020 over the limit."""
    if _is_over(f"chat {chat_id}", MESSAGES_PER_SECOND, 1):
        raise ApiError(errors.row(230020), f"more than {MESSAGES_PER_SECOND} messages in a second (--strict)")


def check_hook(token: str) -> None:
    """Count a message to a custom bot; raises 11232 over the limit."""
    for limit, seconds in HOOKS:
        if _is_over(f"hook {token} {seconds}", limit, seconds):
            raise ApiError(errors.row(11232), f"more than {limit} messages in {seconds} s (--strict)")


def _is_over(key: str, limit: int, seconds: int) -> bool:
    mock, scope = context.mock(), context.scope() or ""
    if not (mock.settings.strict and context.current().counted):
        return False
    window = int(time.time() // seconds)
    with mock.documents.transaction():
        held = mock.documents.get(_KIND, scope, key)
        count: int = held["count"] if held and held["window"] == window else 0
        mock.documents.put(_KIND, scope, key, {"window": window, "count": count + 1})
    return count >= limit
