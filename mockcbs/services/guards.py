"""The guards of one application."""

from collections.abc import Callable

from flask import Response

from mockcbs.services.base import Guard, Service
from mockcbs.state import State


class Guards:
    """The guards of one application; each is made once, for the first request that needs it."""

    def __init__(self, mock: State) -> None:
        self._mock = mock
        self._made: dict[Callable[[State], Guard], Guard] = {}

    def admit(self, service: Service | None, endpoint: str | None) -> None:
        """Let *service* check the caller of *endpoint*; raises `mockcbs.core.errors.ApiError`."""
        if service and endpoint and endpoint not in service.open_endpoints:
            self._of(service).admit()

    def stamp(self, service: Service | None, response: Response) -> Response:
        """Let *service* add its headers to *response*."""
        return self._of(service).stamp(response) if service else response

    def _of(self, service: Service) -> Guard:
        if service.guard not in self._made:
            self._made.setdefault(service.guard, service.guard(self._mock))
        return self._made[service.guard]
