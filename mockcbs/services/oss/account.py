"""The owner of the buckets of a request."""

from mockcbs.core import masking
from mockcbs.settings import Settings
from mockcbs.web import context

OWNER = "1234567890123456"
"""The id of every account."""


def default_scope(settings: Settings) -> str:
    """The scope of the configured access key."""
    return masking.digest(settings.access_key)


def scope() -> str:
    """The scope of the current request; without a signature, that of the configured access key."""
    return context.scope() or default_scope(context.mock().settings)


def is_anonymous() -> bool:
    """Whether the current request has no signature."""
    return context.current().caller is None
