"""What the gateway does to every call of the services behind it: admit it, and stamp its answer."""

import time

from flask import Response, g, request

from mockcbs import state
from mockcbs.core.errors import ApiError
from mockcbs.services.gateway.authentication import Authenticator
from mockcbs.services.gateway.errors import FAILING_PROJECTS
from mockcbs.state import State


class Gateway:
    """The hooks of one application, for every service behind it (a `mockcbs.services.registry.Guard`)."""

    def __init__(self, mock: State) -> None:
        self._authenticator = Authenticator(mock.settings, mock.store)

    def admit(self) -> None:
        """Check credentials, leaving the caller in ``g.caller``; then the project (contract 6.3)."""
        asked, context = state.at_hand()
        context.caller = self._authenticator.authenticate(asked, state.now())
        state.expires(context.caller.expires_at)
        if spec := FAILING_PROJECTS.get(context.get("project_id", "")):
            raise ApiError(spec, f"project id {context.project_id} always fails so")

    def stamp(self, response: Response) -> Response:
        """The headers every answer carries, and timings for who asks for them (contract 2.4)."""
        response.headers["X-Request-Id"] = state.request_id()
        state.fresh(state.request_id(), lambda _, request_id: request_id)
        response.headers["Server"] = "api-gateway"
        if request.environ.get("HTTP_X_APIG_MODE") == "debug":
            state.unrepeatable()
            elapsed = str(round(1000 * (time.perf_counter() - g.started)))
            response.headers["X-Apig-Latency"] = elapsed
            response.headers["X-Apig-Upstream-Latency"] = elapsed
            for scope in ("api", "user", "app", "ip", "api-allenv"):
                response.headers[f"X-Apig-RateLimit-{scope}"] = "remain:99,limit:100,time:1 second"
        return response
