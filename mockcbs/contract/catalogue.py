"""All clauses and checks of the kit, and the check of every response, by service."""

import pkgutil
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module

import mockcbs.contract_tests
from mockcbs.contract import airtable, coze_http, feishu, gateway, oss, tencent_docs, webhooks, wecom
from mockcbs.contract.kit import Check, Kit, collect
from mockcbs.contract.ledger import Clause
from mockcbs.contract.services import KitService
from mockcbs.contract.targets import Call
from mockcbs.contract_tests import clauses, coze_clauses, table_clauses
from mockcbs.contract_tests.oss_clauses import OSS_CLAUSES
from mockcbs.contract_tests.webhook_clauses import WEBHOOK_CLAUSES

SERVICES: dict[str, KitService] = {
    one.name: one
    for one in (
        feishu.SERVICE,
        airtable.SERVICE,
        tencent_docs.SERVICE,
        wecom.SERVICE,
        oss.SERVICE,
        webhooks.SERVICE,
    )
}
"""The services other than CBS, IAM and Coze."""

CLAUSES = {
    "cbs": clauses.CLAUSES,
    "coze": coze_clauses.CLAUSES,
    "feishu": table_clauses.FEISHU,
    "airtable": table_clauses.AIRTABLE,
    "tencent_docs": table_clauses.TENCENT_DOCS,
    "wecom": table_clauses.WECOM,
    "oss": OSS_CLAUSES,
    "webhooks": WEBHOOK_CLAUSES,
}
"""All clauses by target; the clauses of IAM and the gateway belong to the CBS target."""
UNIVERSAL = {
    "cbs": gateway.every_answer,
    "iam": gateway.every_answer,
    "coze": coze_http.every_answer,
    **{name: service.every_answer for name, service in SERVICES.items()},
}
"""The check that runs on every response, by service."""

AUTHENTICATORS: dict[str, Callable[[Kit, Call], Call]] = {
    "cbs": partial(gateway.authenticate, "cbs"),
    "iam": partial(gateway.authenticate, "iam"),
    "coze": coze_http.authenticate,
    **{name: service.authenticate for name, service in SERVICES.items()},
}
"""The functions that add credentials to calls, by service."""


def all_checks() -> list[Check]:
    """Every check of the kit."""
    package = mockcbs.contract_tests
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    return collect(import_module(f"{package.__name__}.{name}") for name in names if name.startswith("test_"))


def clauses_of(services: Iterable[str]) -> tuple[Clause, ...]:
    """The clauses of *services*."""
    return tuple(clause for service in services for clause in CLAUSES.get(service, ()))
