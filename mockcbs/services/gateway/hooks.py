"""The gateway's work on every call of the services behind it: authentication and response headers."""

import time

from flask import Response, request

from mockcbs.core.errors import ApiError
from mockcbs.services.gateway.authentication import Authenticator, Caller
from mockcbs.services.gateway.errors import FAILING_PROJECTS, TOKEN_OUTDATED
from mockcbs.services.gateway.projects import region_of_host, region_of_project
from mockcbs.state import State
from mockcbs.web import context
from mockcbs.web.cache import caching


class Gateway:
    """The hooks of one application, for every service behind it (a `mockcbs.services.base.Guard`)."""

    def __init__(self, mock: State) -> None:
        self._strict = mock.settings.strict
        self._authenticator = Authenticator(mock.settings, mock.documents)

    def admit(self) -> None:
        """Check the credentials, store the caller in the context, then check the project (contract 6.3)."""
        request, this = context.with_request()
        this.caller = caller = self._authenticator.authenticate(request, context.now())
        caching.expires(caller.expires_at)
        self._check_region(request.host, this.project, caller)
        if spec := FAILING_PROJECTS.get(this.project or ""):
            raise ApiError(spec, f"project id {this.project} always fails with this error")

    def _check_region(self, host: str, project: str | None, caller: Caller) -> None:
        """Refuse a token of another region (contract 6.3).

        The host of a request names its region. For other hosts, the project in the path decides the region,
        and only ``--strict`` checks it; otherwise clients may combine any token and project.
        """
        region = region_of_host(host) or (region_of_project(project) if self._strict else None)
        if caller.region and region and caller.region != region and not host.startswith("iam."):
            reason = f"the token is for region {caller.region}, the request for {region}"
            raise ApiError(TOKEN_OUTDATED, reason)

    def stamp(self, response: Response) -> Response:
        """Add the headers of every response, and the timings that a client requested (contract 2.4)."""
        response.headers["X-Request-Id"] = context.request_id()
        caching.differs(context.request_id(), lambda _, request_id: request_id)
        response.headers["Server"] = "api-gateway"
        if request.environ.get("HTTP_X_APIG_MODE") == "debug":
            caching.never()
            elapsed = str(round(1000 * (time.perf_counter() - context.current().started)))
            response.headers["X-Apig-Latency"] = elapsed
            response.headers["X-Apig-Upstream-Latency"] = elapsed
            for scope in ("api", "user", "app", "ip", "api-allenv"):
                response.headers[f"X-Apig-RateLimit-{scope}"] = "remain:99,limit:100,time:1 second"
        return response
