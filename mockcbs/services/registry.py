"""The table of emulated services, and the service of a request, a token or a bot."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from flask import Request
from marshmallow import Schema, fields

from mockcbs.core import masking
from mockcbs.core.fields import Field
from mockcbs.faults.scenario import WEBHOOK
from mockcbs.faults.scenario_file import Vocabulary
from mockcbs.services.airtable.service import SERVICE as AIRTABLE
from mockcbs.services.base import Service
from mockcbs.services.cbs.service import SERVICE as CBS
from mockcbs.services.coze.service import SERVICE as COZE
from mockcbs.services.feishu.service import SERVICE as FEISHU
from mockcbs.services.iam.service import SERVICE as IAM
from mockcbs.services.oss.service import SERVICE as OSS
from mockcbs.services.reporting import Messenger, RowWriter
from mockcbs.services.tencent_docs.service import SERVICE as TENCENT_DOCS
from mockcbs.settings import Settings
from mockcbs.traffic import ids
from mockcbs.traffic.table import Executions
from mockcbs.web import context
from mockcbs.web.proofs import Signature
from mockcbs.web.wsgi import Application

if TYPE_CHECKING:
    from mockcbs.datasets.schema import Sections

_table: dict[str, Service] = {}

_MAX_KNOWN = 1024
"""The maximum length of a token whose scope is remembered, in characters."""

DEFAULT = CBS
"""The service for requests that are too broken to belong to another one."""


def services() -> tuple[Service, ...]:
    """All services. The last one is checked first when a path decides, so general patterns stand early."""
    return tuple(_table.values())


def register(service: Service) -> None:
    """Add *service* to every mock made from now on; raises `ValueError` if its name is taken."""
    if service.name in _table:
        raise ValueError(f"a service {service.name} exists already")
    masking.add(service.secrets)
    if service.bots:
        ids.add(service.bots.ids)
    _table[service.name] = service
    _forget()


@contextmanager
def registered(service: Service) -> Iterator[Service]:
    """Add *service* to mocks made inside this context; its secrets stay masked afterwards."""
    register(service)
    try:
        yield service
    finally:
        del _table[service.name]
        _forget()
        if service.bots and service.bots.ids not in {other.bots.ids for other in services() if other.bots}:
            ids.remove(service.bots.ids)


def _forget() -> None:
    """Forget what was computed from the table."""
    vocabulary.cache_clear()
    signatures.cache_clear()
    _known_scope.cache_clear()
    _addressed.cache_clear()


def service_of(endpoint: str | None, host: str, path: str) -> Service | None:
    """The service of a request: by its route, else by its host, else by its path."""
    if endpoint and (service := _table.get(endpoint.partition(".")[0])):
        return service
    return _addressed(host.partition(":")[0].lower(), path)


@lru_cache(256)  # to try the patterns of all services takes 3 us
def _addressed(name: str, path: str) -> Service | None:
    for service in reversed(_table.values()):
        if service.host_pattern.fullmatch(name):
            return service
    return next((service for service in reversed(_table.values()) if service.paths.match(path)), None)


def recognised(environ: Mapping[str, Any]) -> Service | None:
    """The service that recognises a request by its host or credentials; the path does not matter."""
    if environ.get("PATH_INFO", "").startswith("/_mockcbs/"):
        return None
    asked = (service for service in _table.values() if service.recognises and service.recognises(environ))
    return next(asked, None)


def recognised_route(environ: Mapping[str, Any]) -> tuple[str, str] | None:
    """The service that recognises a request, by name, and the path to route the request by."""
    service = recognised(environ)
    if service is None:
        return None
    return service.name, service.routed_path(environ) if service.routed_path else environ["PATH_INFO"]


def service_meant(path: str, query: str, headers: Mapping[str, str]) -> Service | None:
    """The service that a request is for, judged by its method, path and headers only."""
    environ = {"PATH_INFO": path, "QUERY_STRING": query, **headers}
    return recognised(environ) or service_of(None, headers["HTTP_HOST"], path)


def named(name: str | None) -> Service:
    """The service of this *name*; without a name, `DEFAULT`."""
    return _table[name or DEFAULT.name]


def service() -> Service | None:
    """The service of the current request; `None` for a request to mockcbs itself."""
    return cast("Service | None", context.current().service)


def service_at(request: Request) -> Service | None:
    """The service of *request*; the host and the path count only if the route does not decide."""
    return (
        service_of(request.endpoint, "", "")
        or recognised(request.environ)
        or service_of(None, request.environ.get("HTTP_HOST", ""), request.path)
    )


def with_bot(bot_id: str) -> Service | None:
    """The service whose bots have ids like *bot_id*."""
    return next(
        (
            service
            for service in reversed(_table.values())
            if service.bots and service.bots.ids.pattern.fullmatch(bot_id)
        ),
        None,
    )


def row_writers() -> dict[str, RowWriter]:
    """The functions that write the rows of reporting nodes, by service."""
    return {service.name: import_module(service.rows).ROWS for service in services() if service.rows}


def messengers() -> dict[str, Messenger]:
    """The functions that send daily reports, by service."""
    return {
        service.name: import_module(service.messenger).MESSENGER
        for service in services()
        if service.messenger
    }


def messenger(name: str) -> Messenger:
    """The functions of the service of this *name*; without a name, those of the first that has them."""
    found = messengers()
    return found[name or next(iter(found))]


def sections() -> "Sections":
    """The schemas of the services' parts of a dataset."""
    return tuple((service.name, _section(service.dataset)) for service in _table.values() if service.dataset)


@cache
def _section(dataset: Callable[[], Schema]) -> Callable[[], Field[Any]]:
    """The field of a part of a dataset; its schema is made when a dataset has that part."""
    return lambda: fields.Nested(dataset)


def default_scope(bot_id: str, settings: Settings) -> str:
    """The default scope of traffic of that bot."""
    scope = (with_bot(bot_id) or DEFAULT).default_scope
    return scope(settings) if scope else ""


def default_project(bot_id: str, settings: Settings) -> str:
    """The default project; empty if the service of that bot has no projects."""
    service = with_bot(bot_id)
    return default_scope(bot_id, settings) if service and service.project else ""


def variables(settings: Settings, url: str) -> dict[str, str]:
    """The environment variables that the services' SDKs read, for a mock with that base URL."""
    return {name: value for service in services() for name, value in service.variables(settings, url).items()}


def variable_settings() -> tuple[str, ...]:
    """The names of the settings that `variables` reads."""
    return tuple(dict.fromkeys(name for service in services() for name in service.variable_settings))


@cache
def signatures() -> tuple[Signature, ...]:
    """How clients sign requests whose responses can be sent after a check of the signature."""
    return tuple({service.signature: None for service in services() if service.signature})


def executions_of(bot_id: str) -> Executions | None:
    """The function that makes the ids of a turn of that bot; `None` if its service shows none."""
    service = with_bot(bot_id.lower())
    return service.bots.executions if service and service.bots else None


def scope_of_token(token: str, secret: str) -> str | None:
    """The scope of calls with *token* and without a project; `None` without a token.

    Tokens of one grant, issued under the mock's *secret*, share a scope.
    """
    if not token:
        return None
    return (_known_scope if len(token) <= _MAX_KNOWN else _scope)(token, secret)


def _scope(token: str, secret: str) -> str:
    grants = (service.grant(token, secret) for service in _table.values() if service.grant)
    return masking.digest(next(filter(None, grants), token))


_known_scope = lru_cache(1024)(_scope)
"""Checking the signatures of a token takes as long as routing a request."""


@cache
def vocabulary() -> Vocabulary:
    """The names that scenarios may use: codes, services, and operations as in ``mockcbs routes``."""
    bare = Application("mockcbs.vocabulary")
    statuses: dict[str, set[int]] = {}
    for service in _table.values():
        bare.register_blueprint(service.blueprint)
        for code, rows in service.codes.items():
            statuses.setdefault(code, set()).update(row.status for row in rows)
    return Vocabulary(
        statuses,
        frozenset([*_table, WEBHOOK]),
        frozenset([*(rule.endpoint for rule in bare.rules()), f"{WEBHOOK}.deliver"]),
    )


for _service in (CBS, IAM, COZE, FEISHU, AIRTABLE, TENCENT_DOCS, OSS):
    register(_service)
