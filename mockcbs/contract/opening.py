"""Opens a target: the mock in this process, or servers with their credentials."""

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import TypedDict

from mockcbs.app import create_app
from mockcbs.contract import diagnosis, outages
from mockcbs.contract.accounts import VENDORS
from mockcbs.contract.catalogue import AUTHENTICATORS, SERVICES, UNIVERSAL, clauses_of
from mockcbs.contract.cbs import TAILS
from mockcbs.contract.coze_http import standing_clock
from mockcbs.contract.kit import Kit
from mockcbs.contract.ledger import Ledger
from mockcbs.contract.options import (
    DEFAULT_BOT,
    DEFAULT_COZE_BOT,
    DEFAULT_COZE_WORKFLOW,
    DEFAULT_COZE_WORKSPACE,
    OUR_CREDENTIALS,
    SERVERS,
    Options,
    check,
    is_local,
)
from mockcbs.contract.targets import Answer, Call, CannotRunError, Target, UrlTarget, WsgiTarget
from mockcbs.contract.write_access import check_writes, denial
from mockcbs.services import registry
from mockcbs.services.gateway.projects import DEFAULT_PROJECT
from mockcbs.settings import Settings
from mockcbs.state import State
from mockcbs.traffic.bots import ANY

_NOT_FOUND = ("4006", "4200")
"""Coze's codes for an unknown bot or workflow."""
_POLITE = 5.0
"""The default rate of calls per second to a server that is not on this machine."""


class _Accounts(TypedDict):
    """The arguments of `Kit` for the services with account options."""

    accounts: dict[str, str]
    secrets: frozenset[str]


class _NoSuchError(CannotRunError):
    """The target does not know the bot or workflow."""


def open_kit(options: Options) -> Kit:
    """Open the target and check that it can be used; raises `UserError` with a message of one line."""
    check(options)
    kit = _remote(options) if options.urls else in_process(options)
    if "cbs" in kit.targets:
        _log_in(kit)
        _look(kit)
        if not options.iam:
            _look_for_iam(kit)
    if "coze" in kit.targets:
        _look_at_coze(kit, options)
    for name in kit.targets.keys() & SERVICES.keys():
        SERVICES[name].look(kit)
    if kit.writes:
        check_writes(kit)
    kit.heard.clear()
    return kit


def in_process(options: Options) -> Kit:
    """A strict mock in this process, with the services for which its dataset has bots."""
    app = create_app(
        Settings(
            seed=options.seed, dataset=options.dataset, now=options.now, strict=True, default_start="epoch"
        )
    )
    mock: State = app.extensions["mockcbs"]
    named = _bots_of("cbs", mock)
    bots = [bot_id for bot_id in _bots_of("coze", mock) if mock.dataset.bots[bot_id].card.kind == "bot"]
    target = WsgiTarget(app)
    targets: dict[str, Target] = {"cbs": target, "iam": target}
    if bots:
        targets["coze"] = target
    # A strict mock limits the rate of table calls in real time, which would slow the run down.
    unhurried = WsgiTarget(create_app(Settings(seed=options.seed, dataset=options.dataset, now=options.now)))
    targets |= dict.fromkeys(("feishu", "airtable", "tencent_docs", "wecom"), unhurried) | {"oss": target}
    kit = Kit(
        targets,
        OUR_CREDENTIALS,
        options.project_id or DEFAULT_PROJECT,
        options.qabot_id or (DEFAULT_BOT if DEFAULT_BOT in named or not named else named[0]),
        Ledger(clauses_of(targets)),
        writes=options.allow_writes,
        now=mock.clock.now() if mock.clock.frozen else None,
        coze_bot_id=options.coze_bot_id
        or (DEFAULT_COZE_BOT if DEFAULT_COZE_BOT in bots or not bots else bots[0]),
        coze_workflow_id=options.coze_workflow_id or DEFAULT_COZE_WORKFLOW,
        coze_workspace_id=options.coze_workspace_id or DEFAULT_COZE_WORKSPACE,
        **_accounts(options, targets),
        local=True,
        authenticators=AUTHENTICATORS,
        universal=UNIVERSAL,
    )
    kit.skip = partial(skip, kit, mock)
    return kit


def _bots_of(service: str, mock: State) -> list[str]:
    """The ids of the dataset's bots that belong to *service*."""
    owner = registry.named(service)
    return [bot_id for bot_id in mock.dataset.bots if bot_id != ANY and registry.with_bot(bot_id) is owner]


def skip(kit: Kit, mock: State, milliseconds: int) -> None:
    """Move the clocks of *mock* and *kit* forward."""
    mock.clock.advance(milliseconds)
    kit.ahead += milliseconds
    kit.now = mock.clock.now() if mock.clock.frozen else None
    kit.memory.pop("ends", None)  # these times were read before the clock moved


def _remote(options: Options) -> Kit:
    targets = _targets(options)
    credentials = options.credentials
    coze_local = not options.coze or is_local(options.coze)
    if options.cbs and not is_local(options.cbs):
        if not (options.project_id and options.qabot_id):
            raise CannotRunError("no bot: set MOCKCBS_CONTRACT_PROJECT_ID and MOCKCBS_CONTRACT_QABOT_ID")
        if options.iam_password and not options.iam:
            raise CannotRunError(f"no IAM: set MOCKCBS_CONTRACT_IAM, such as {SERVERS['iam']}")
    if not coze_local and not options.coze_bot_id:
        raise CannotRunError("no bot: set MOCKCBS_CONTRACT_COZE_BOT_ID")
    return Kit(
        targets,
        credentials,
        options.project_id or DEFAULT_PROJECT,
        options.qabot_id or DEFAULT_BOT,
        Ledger(clauses_of(targets)),
        writes=options.allow_writes,
        now=options.now,
        coze_bot_id=options.coze_bot_id or DEFAULT_COZE_BOT,
        coze_workflow_id=options.coze_workflow_id or (DEFAULT_COZE_WORKFLOW if coze_local else ""),
        coze_workspace_id=options.coze_workspace_id or (DEFAULT_COZE_WORKSPACE if coze_local else ""),
        **_accounts(options, targets),
        local=all(map(is_local, options.urls.values())),
        authenticators=AUTHENTICATORS,
        universal=UNIVERSAL,
        denial=denial,
        confirm=outages.check,
    )


def _accounts(options: Options, targets: Iterable[str]) -> _Accounts:
    """The account options and secrets of the chosen services."""
    chosen = [name for name in targets if name in SERVICES]
    return {
        "accounts": {name: text for one in chosen for name, text in options.account(one).items()},
        "secrets": frozenset(a.name for one in chosen for a in VENDORS[one].accounts if a.is_secret),
    }


def _targets(options: Options) -> dict[str, Target]:
    """The targets by service; services on the same server share its rate limit."""
    targets: dict[str, Target] = {}
    if options.cbs:
        targets["cbs"] = _url(options, options.cbs)
    if options.iam:
        targets["iam"] = _url(options, options.iam)
    elif options.cbs and is_local(options.cbs):
        targets["iam"] = targets["cbs"]
    servers = {options.cbs.rstrip("/"): targets["cbs"]} if options.cbs else {}
    for name, url in options.urls.items():
        if url.rstrip("/") not in servers:
            servers[url.rstrip("/")] = _url(options, url)
        targets[name] = servers[url.rstrip("/")]
    return targets


def _url(options: Options, url: str) -> UrlTarget:
    polite = 0.0 if is_local(url) else _POLITE
    return UrlTarget(
        url,
        most_per_second=polite if options.max_rps is None else options.max_rps,
        most_calls=options.max_calls,
        timeout=options.timeout,
        verify=not options.insecure and (options.ca_file or True),
        writes=options.allow_writes,
    )


def _log_in(kit: Kit) -> None:
    """Use the token of the user, or get a token with the password."""
    ours = kit.credentials
    if ours.token or not ours.iam_password:
        kit.token = ours.token
        return
    user = {"name": ours.iam_user, "password": ours.iam_password, "domain": {"name": ours.iam_domain}}
    auth = {
        "identity": {"methods": ["password"], "password": {"user": user}},
        "scope": {"project": {"id": kit.project_id}},
    }
    body = json.dumps({"auth": auth}).encode()
    call = Call("POST", "/v3/auth/tokens", "", {"Content-Type": "application/json"}, body)
    answer = diagnosis.first(kit, "iam", call)
    diagnosis.recognize(kit, kit.targets["iam"].name, answer)
    kit.token = answer.headers.get("X-Subject-Token", "")
    if not kit.token:
        if ours is OUR_CREDENTIALS and answer.status != 401:  # a server on this machine: try without a token
            if answer.status == 404:
                kit.token = "any-token"
                kit.targets = {name: target for name, target in kit.targets.items() if name != "iam"}
            return
        service = "cbs" if kit.targets["iam"] is kit.targets["cbs"] else "iam"
        is_ours = diagnosis.vendor_of(answer) in {"", diagnosis.TITLES["iam"], diagnosis.TITLES["cbs"]}
        if answer.status in {400, 401, 403} and is_ours:
            raise diagnosis.refused(kit, "iam", answer)
        diagnosis.check_vendor(kit, service, answer)
        raise CannotRunError(f"{kit.targets['iam'].name} issues no token: {diagnosis.said(kit, answer)}")
    kit.mask.add(kit.token, "****")


def _look(kit: Kit) -> None:
    """Make one call to check that the service responds and accepts the credentials."""
    path = f"/v1/{kit.project_id}/qabots/{kit.qabot_id}/{TAILS['session-stats']}"
    call = Call("GET", path, "start_time=0&end_time=1", {"Content-Type": "application/json"})
    answers = [diagnosis.first(kit, "cbs", kit.authenticated("cbs", call))]
    is_cbs = diagnosis.vendor_of(answers[0]) == diagnosis.TITLES["cbs"]
    if answers[0].status not in {401, 403} and (not is_cbs or answers[0].status >= 402):
        # Perhaps only this operation is broken.
        other = replace(call, path=path.replace(TAILS["session-stats"], TAILS["keywords"]))
        answers.append(diagnosis.first(kit, "cbs", kit.authenticated("cbs", other)))
    answer = answers[-1]
    diagnosis.check_service(kit, "cbs", answer)
    diagnosis.check_works(kit, "cbs", answers)
    if re.search(r'"CBS\.(2114|3254|1114)"', answer.text):
        raise CannotRunError(f"{kit.targets['cbs'].name} has no such bot: {diagnosis.said(kit, answer)}")


def _look_at_coze(kit: Kit, options: Options) -> None:
    """Check that Coze's bot exists, and the workflow if the user named one; else drop a missing workflow."""
    answer = _look_for(kit, "bot", kit.coze_bot_id)
    if kit.coze_workflow_id:
        try:
            _look_for(kit, "workflow", kit.coze_workflow_id)
        except _NoSuchError:
            if options.coze_workflow_id:
                raise
            kit.coze_workflow_id = ""
    others = [target for name, target in kit.targets.items() if name != "coze"]
    if kit.now is None and all(target is kit.targets["coze"] for target in others):
        kit.now = standing_clock(answer)


def _look_for(kit: Kit, kind: str, identity: str) -> Answer:
    """Coze's response about a bot or a workflow; some servers serve only its statistics."""
    path, name = f"/v1/{kind}s/{identity}", kit.targets["coze"].name
    answers: list[Answer] = []
    for where, text in ((path, ""), (f"{path}/analytics", "start_date=2023-01-01&end_date=2023-01-01")):
        call = Call("GET", where, text, {"Content-Type": "application/json"})
        answer = diagnosis.first(kit, "coze", kit.authenticated("coze", call))
        found = re.search(r'"code"\s*:\s*"?(\d+)', answer.text)
        code = found[1] if found else ""
        answers.append(answer)
        if answer.status not in {402, 404} and answer.status < 500 and code not in _NOT_FOUND:
            break
    diagnosis.check_service(kit, "coze", answer)
    diagnosis.check_works(kit, "coze", answers)
    if code in {"4100", "4101", "700012006"}:
        raise diagnosis.refused(kit, "coze", answer)
    if code in _NOT_FOUND:
        raise _NoSuchError(f"{name} has no such {kind}: {diagnosis.said(kit, answer)}")
    return answer


def _look_for_iam(kit: Kit) -> None:
    """Leave IAM out if the server does not serve it, unless the user gave its URL."""
    if "iam" in kit.targets:
        call = Call("GET", "/v3/projects", "", {"Content-Type": "application/json"})
        answer = diagnosis.first(kit, "iam", kit.authenticated("iam", call))
        if answer.status == 404 and '"error"' not in answer.text:
            kit.targets = {name: target for name, target in kit.targets.items() if name != "iam"}
