"""The Coze half of the kit on an application."""

from mockcbs.contract.catalogue import AUTHENTICATORS, CLAUSES, UNIVERSAL
from mockcbs.contract.credentials import Credentials
from mockcbs.contract.kit import Kit
from mockcbs.contract.ledger import Ledger
from mockcbs.contract.targets import WsgiTarget


def kit_of(app, *, writes: bool, now: int | None = None) -> Kit:
    """The kit on an application, with the mock's own names and credentials."""
    return Kit(
        {"coze": WsgiTarget(app)},
        Credentials(coze_token="pat_mockcbs"),
        "",
        "",
        Ledger(CLAUSES["coze"]),
        writes=writes,
        now=now or app.extensions["mockcbs"].clock.now(),
        coze_bot_id="7342866812345678901",
        coze_workflow_id="7389589103588700001",
        coze_workspace_id="7361424235321600001",
        local=True,
        authenticators=AUTHENTICATORS,
        universal=UNIVERSAL,
    )
