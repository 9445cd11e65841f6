"""mockcbs in process: no socket, no thread."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar

from mockcbs.core.errors import UserError
from mockcbs.testing.controls import Controls
from mockcbs.testing.intercept import interceptor

if TYPE_CHECKING:
    from mockcbs.testing.httpx_transport import Transport

_P = ParamSpec("_P")
_R = TypeVar("_R")


class Mock(Controls):
    """A mock that answers calls to the real hosts, as a context manager, a decorator or a fixture.

    While it is entered, `requests` (and so the official Huawei SDK) reaches the mock under the
    real hosts, and no other host unless *passthrough* names a prefix of its URL. httpx clients
    (cozepy) are given `httpx_transport`.
    """

    SETTINGS = ("passthrough", *Controls.SETTINGS)

    def __init__(self, *, passthrough: str | Iterable[str] = (), **settings: Any) -> None:
        self._passthrough = _prefixes(passthrough)
        super().__init__(**settings)
        self._interceptor = interceptor(self.cache, self._passthrough)
        self._entered = False

    def __enter__(self) -> Self:
        if self._entered:
            self.reset()
        self._entered = True
        self._interceptor.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._interceptor.stop(allow_assert=False)

    def __call__(self, function: Callable[_P, _R]) -> Callable[_P, _R]:
        """Decorate a function: each call of it begins with the mock as at the beginning."""

        @wraps(function)
        def inside(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            with self:
                return function(*args, **kwargs)

        return inside

    def httpx_transport(self) -> "Transport":
        """What to give an httpx client: ``httpx.Client(transport=m.httpx_transport())``."""
        from mockcbs.testing.httpx_transport import Transport  # noqa: PLC0415 - httpx is the user's

        return Transport(self.cache, self._passthrough)


def _prefixes(passthrough: str | Iterable[str]) -> tuple[str, ...]:
    """Those of URLs that pass; raises `UserError`."""
    given = (
        [passthrough]
        if isinstance(passthrough, str) or not isinstance(passthrough, Iterable)
        else passthrough
    )
    prefixes = tuple(given)
    for prefix in prefixes:
        if not isinstance(prefix, str) or not prefix:
            raise UserError(
                f"passthrough {prefix!r} is not the beginning of a URL, such as http://localhost:8000/"
            )
    return prefixes
