"""Signed texts such as tokens: every process with the same secret can read them."""

import hashlib
from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

from itsdangerous import BadData, URLSafeSerializer

_VERSION = "version"
_MAX_INTEGER = 2**53


T = TypeVar("T", bound=NamedTuple)


class SignedTexts(Generic[T]):
    """Writes named tuples as signed texts, and reads only values that it could have written."""

    def __init__(self, kind: type[T], secret: str, salt: str, *, version: int) -> None:
        """*version* is that of the members of *kind*; texts of other versions are not read.

        Its members may be texts, whole numbers, lists of texts (as tuples) and `None`.
        """
        self._made: Callable[..., T] = kind
        self._version = version
        self._hints = get_type_hints(kind)
        self._serializer = URLSafeSerializer(
            secret, salt=salt, signer_kwargs={"digest_method": hashlib.sha256}
        )

    def write(self, value: T) -> str:
        """*value* as a signed text."""
        return str(self._serializer.dumps({_VERSION: self._version, **value._asdict()}))

    def read(self, text: str) -> T | None:
        """The value in *text*; `None` if another secret or another version wrote it."""
        try:
            content = self._serializer.loads(text)
        except (BadData, RecursionError):
            return None
        if not isinstance(content, dict) or content.keys() != {_VERSION, *self._hints}:
            return None
        version = content.pop(_VERSION)
        if type(version) is not int or version != self._version:
            return None
        if not all(_fits(content[name], hint) for name, hint in self._hints.items()):
            return None
        return self._made(**{name: _frozen(value) for name, value in content.items()})


def _fits(value: Any, hint: Any) -> bool:
    """Whether *value*, which was read from JSON, has the type *hint*."""
    if hint is str:
        return isinstance(value, str) and _is_whole(value)
    if hint is int:
        return type(value) is int and 0 <= value <= _MAX_INTEGER
    if hint is type(None):
        return value is None
    if get_origin(hint) is tuple:
        return isinstance(value, list) and all(_fits(one, get_args(hint)[0]) for one in value)
    choices = get_args(hint)
    return any(value == one if isinstance(one, str) else _fits(value, one) for one in choices)


def _is_whole(text: str) -> bool:
    """Whether *text* has no lone surrogate (``\\ud800``), which UTF-8 cannot encode in a response."""
    return text.encode("utf-8", "ignore").decode() == text


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
