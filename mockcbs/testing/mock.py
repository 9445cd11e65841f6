"""mockcbs in process: no socket, no thread."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self, TypeVar

from mockcbs.core.errors import UserError
from mockcbs.testing.controls import Controls
from mockcbs.testing.decorate import decorated
from mockcbs.testing.guard import Guard
from mockcbs.testing.intercept import interceptor

if TYPE_CHECKING:
    from mockcbs.testing.httpx_transport import Transport

_T = TypeVar("_T")


class Mock(Controls):
    """A mock that handles calls to the real hosts, as a context manager, a decorator or a fixture.

    While it is active, `requests` (and so the official Huawei SDK) reaches the mock under the real
    hosts, and other hosts only if their URL begins with one of *passthrough*. An httpx client
    (cozepy) needs `httpx_transport`. Calls of urllib and of other httpx clients that would leave
    the machine are refused.
    """

    SETTINGS = ("passthrough", *Controls.SETTINGS)

    def __init__(self, *, passthrough: str | Iterable[str] = (), **settings: Any) -> None:
        self._passthrough = prefixes(passthrough)
        super().__init__(**settings)
        self._interceptor = interceptor(self.cache, self._passthrough)
        self._guard = Guard(self._passthrough)
        self._entered = False

    def __enter__(self) -> Self:
        if self._entered:
            self.reset()
        self._entered = True
        self._interceptor.start()
        self._guard.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._guard.stop()
        self._interceptor.stop(allow_assert=False)

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(self, *exc_info: object) -> None:
        self.__exit__(*exc_info)

    def __call__(self, target: _T) -> _T:
        """Decorate a function, a coroutine function, a generator or a test class.

        Each call, or each test of a class, starts with a reset mock. Raises `TypeError` for anything else.
        """
        return decorated(self, target)

    def httpx_transport(self) -> "Transport":
        """The transport for an httpx client: ``httpx.Client(transport=m.httpx_transport())``."""
        from mockcbs.testing.httpx_transport import Transport  # noqa: PLC0415 - httpx is the user's

        return Transport(self.cache, self._passthrough)


def prefixes(passthrough: str | Iterable[str]) -> tuple[str, ...]:
    """The beginnings of URLs in *passthrough*; raises `UserError`."""
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
