"""Opening a target, and running the whole kit on it."""

import ipaddress
import json
import pkgutil
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module
from urllib.parse import urljoin, urlsplit

import mockcbs.contract_tests
from mockcbs.app import create_app
from mockcbs.contract import coze_http, gateway
from mockcbs.contract.cbs import TAILS
from mockcbs.contract.coze_http import standing_clock
from mockcbs.contract.kit import Check, Credentials, Kit, collect
from mockcbs.contract.ledger import Clause, Ledger
from mockcbs.contract.targets import (
    Answer,
    Call,
    CannotRunError,
    NoAnswerError,
    Target,
    UrlTarget,
    WsgiTarget,
)
from mockcbs.contract_tests import clauses, coze_clauses
from mockcbs.core.urls import check_base_url
from mockcbs.services.gateway.projects import DEFAULT_PROJECT
from mockcbs.settings import Settings
from mockcbs.state import State
from mockcbs.traffic.bots import ANY

CLAUSES = {"cbs": clauses.CLAUSES, "coze": coze_clauses.CLAUSES}
"""All clauses by target; those of IAM and the gateway belong to the target of CBS."""
UNIVERSAL = {"cbs": gateway.every_answer, "iam": gateway.every_answer, "coze": coze_http.every_answer}
"""The check of every response, by service."""

_DEFAULT_BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
_DEFAULT_COZE_BOT = "7342866812345678901"
_DEFAULT_COZE_WORKFLOW = "7389589103588700001"
_NOT_FOUND = ("4006", "4200")
"""Coze's codes for an unknown bot or workflow."""
_SERVERS = {
    "cbs": "https://cbs-ext.cn-north-4.myhuaweicloud.com",
    "coze": "https://api.coze.cn",
    "iam": "https://iam.cn-north-4.myhuaweicloud.com",
}
"""The URL of each real service."""
_IDS = {
    "project_id": (r"[\w-]*", DEFAULT_PROJECT),
    "qabot_id": (r"[\w-]*", _DEFAULT_BOT),
    "coze_bot_id": (r"[0-9]{0,20}", _DEFAULT_COZE_BOT),
    "coze_workflow_id": (r"[0-9]{0,20}", _DEFAULT_COZE_WORKFLOW),
}
"""The pattern of each id, which must not change a path, and an example."""
INTERRUPTED = "interrupted"
_POLITE = 5.0
"""The default rate of calls per second to a server that is not on this machine."""
_ours = Settings()
_OUR_CREDENTIALS = Credentials(
    access_key=_ours.access_key,
    secret_key=_ours.secret_key,
    iam_user=_ours.iam_user,
    iam_password=_ours.iam_password,
    iam_domain=_ours.iam_domain,
    coze_token=_ours.coze_token,
)


class _NoSuchError(CannotRunError):
    """The target does not know the bot or workflow."""


@dataclass(frozen=True)
class Options:
    """The choices of the user, named like the options of ``mockcbs contract``."""

    cbs: str = ""
    """Base URL; if this and `coze` are empty, the mock in process."""
    coze: str = ""
    """Base URL of Coze."""
    iam: str = ""
    project_id: str = ""
    qabot_id: str = ""
    token: str = field(default="", repr=False)
    ak: str = ""
    sk: str = field(default="", repr=False)
    iam_user: str = ""
    iam_password: str = field(default="", repr=False)
    iam_domain: str = ""
    coze_token: str = field(default="", repr=False)
    coze_bot_id: str = ""
    coze_workflow_id: str = ""
    allow_writes: bool = False
    max_rps: float | None = None
    max_calls: int = 3000
    timeout: float = 15
    ca_file: str = ""
    insecure: bool = False
    seed: int = 42
    dataset: str = "everyday"
    now: int | None = None

    @property
    def credentials(self) -> Credentials:
        """The user's credentials; on this machine, without any, those of a mock."""
        given = Credentials(
            self.token,
            self.ak,
            self.sk,
            self.iam_user,
            self.iam_password,
            self.iam_domain or self.iam_user,
            self.coze_token or _OUR_CREDENTIALS.coze_token,
        )
        if self.coze and not self.coze_token and not is_local(self.coze):
            raise CannotRunError("no credentials: set MOCKCBS_CONTRACT_COZE_TOKEN")
        if self.token or self.ak or self.iam_password:
            return given
        if self.cbs and not is_local(self.cbs):
            raise CannotRunError(
                "no credentials: set MOCKCBS_CONTRACT_TOKEN, or …_AK and …_SK, or …_IAM_PASSWORD"
            )
        return replace(_OUR_CREDENTIALS, coze_token=given.coze_token)

    def at(self, url: str, services: Iterable[str]) -> "Options":
        """The choices for the server at *url* with *services*."""
        return replace(
            self, cbs=url if "cbs" in services else "", coze=url if "coze" in services else "", iam=""
        )


def is_local(url: str) -> bool:
    """Whether the host of *url* is this machine."""
    name = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def all_checks() -> list[Check]:
    """Every check of the kit."""
    package = mockcbs.contract_tests
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    return collect(import_module(f"{package.__name__}.{name}") for name in names if name.startswith("test_"))


def clauses_of(services: Iterable[str]) -> tuple[Clause, ...]:
    """The clauses of *services*."""
    return tuple(clause for service in services for clause in CLAUSES.get(service, ()))


def open_kit(options: Options) -> Kit:
    """The target, ready to be checked; raises `UserError` with one clear line."""
    _check(options)
    kit = _remote(options) if options.cbs or options.coze else in_process(options)
    if "cbs" in kit.targets:
        _log_in(kit)
        _look(kit)
        if not options.iam:
            _look_for_iam(kit)
    if "coze" in kit.targets:
        _look_at_coze(kit, options)
    kit.heard.clear()
    return kit


def _check(options: Options) -> None:
    """Raise `UserError` for what is no URL or no id; the latter is not shown, as it may be a secret."""
    for name, example in _SERVERS.items():
        if url := getattr(options, name):
            check_base_url(url, example)
    for name, (form, example) in _IDS.items():
        if not re.fullmatch(form, getattr(options, name), re.ASCII):
            raise CannotRunError(f"--{name.replace('_', '-')} is not an id such as {example}")


def in_process(options: Options) -> Kit:
    """A strict mock of this process: of the services that its dataset has bots for."""
    app = create_app(
        Settings(
            seed=options.seed, dataset=options.dataset, now=options.now, strict=True, default_start="epoch"
        )
    )
    mock: State = app.extensions["mockcbs"]
    named = [bot_id for bot_id in mock.dataset.bots if bot_id != ANY and "-" in bot_id]
    bots = [
        bot_id for bot_id, bot in mock.dataset.bots.items() if bot_id.isdecimal() and bot.card.kind == "bot"
    ]
    target = WsgiTarget(app)
    targets: dict[str, Target] = {"cbs": target, "iam": target}
    if bots:
        targets["coze"] = target
    kit = Kit(
        targets,
        _OUR_CREDENTIALS,
        options.project_id or DEFAULT_PROJECT,
        options.qabot_id or (_DEFAULT_BOT if _DEFAULT_BOT in named or not named else named[0]),
        Ledger(clauses_of(targets)),
        writes=options.allow_writes,
        now=mock.clock.now() if mock.clock.frozen else None,
        coze_bot_id=options.coze_bot_id
        or (_DEFAULT_COZE_BOT if _DEFAULT_COZE_BOT in bots or not bots else bots[0]),
        coze_workflow_id=options.coze_workflow_id or _DEFAULT_COZE_WORKFLOW,
        local=True,
        universal=UNIVERSAL,
    )
    kit.skip = partial(skip, kit, mock)
    return kit


def skip(kit: Kit, mock: State, milliseconds: int) -> None:
    """Move the clock of *mock* forward, and that of *kit*."""
    mock.clock.advance(milliseconds)
    kit.ahead += milliseconds
    kit.now = mock.clock.now() if mock.clock.frozen else None
    kit.memory.pop("ends", None)  # instants seen so far were those of another clock


def _remote(options: Options) -> Kit:
    targets = _targets(options)
    credentials = options.credentials
    coze_local = not options.coze or is_local(options.coze)
    if options.cbs and not is_local(options.cbs):
        if not (options.project_id and options.qabot_id):
            raise CannotRunError("no bot: set MOCKCBS_CONTRACT_PROJECT_ID and MOCKCBS_CONTRACT_QABOT_ID")
        if options.iam_password and not options.iam:
            raise CannotRunError(f"no IAM: set MOCKCBS_CONTRACT_IAM, such as {_SERVERS['iam']}")
    if not coze_local and not options.coze_bot_id:
        raise CannotRunError("no bot: set MOCKCBS_CONTRACT_COZE_BOT_ID")
    return Kit(
        targets,
        credentials,
        options.project_id or DEFAULT_PROJECT,
        options.qabot_id or _DEFAULT_BOT,
        Ledger(clauses_of(targets)),
        writes=options.allow_writes,
        now=options.now,
        coze_bot_id=options.coze_bot_id or _DEFAULT_COZE_BOT,
        coze_workflow_id=options.coze_workflow_id or (_DEFAULT_COZE_WORKFLOW if coze_local else ""),
        local=coze_local,
        universal=UNIVERSAL,
    )


def _targets(options: Options) -> dict[str, Target]:
    """The servers as targets; services on one server share its rate of calls."""
    targets: dict[str, Target] = {}
    if options.cbs:
        targets["cbs"] = _url(options, options.cbs)
    if options.iam:
        targets["iam"] = _url(options, options.iam)
    elif options.cbs and is_local(options.cbs):
        targets["iam"] = targets["cbs"]
    if options.coze:
        same = options.cbs.rstrip("/") == options.coze.rstrip("/")
        targets["coze"] = targets["cbs"] if same else _url(options, options.coze)
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
    """Get a token: that of the user, or one for the password."""
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
    answer = _first(kit, "iam", call)
    _recognize(kit, kit.targets["iam"].name, answer)
    kit.token = answer.headers.get("X-Subject-Token", "")
    if not kit.token:
        if ours is _OUR_CREDENTIALS and answer.status != 401:  # a server of this machine: try it all the same
            if answer.status == 404:
                kit.token = "any-token"
                kit.targets = {name: target for name, target in kit.targets.items() if name != "iam"}
            return
        raise CannotRunError(f"bad credentials: {kit.targets['iam'].name} says {_said(kit, answer)}")
    kit.mask.add(kit.token, "****")


def _look(kit: Kit) -> None:
    """Make one call to check that the service is there and accepts the credentials."""
    path = f"/v1/{kit.project_id}/qabots/{kit.qabot_id}/{TAILS['session-stats']}"
    call = Call("GET", path, "start_time=0&end_time=1", {"Content-Type": "application/json"})
    answer = _first(kit, "cbs", kit.authenticated("cbs", call))
    _check_service(kit, "cbs", answer)
    if re.search(r'"CBS\.(2114|3254|1114)"', answer.text):
        raise CannotRunError(f"{kit.targets['cbs'].name} has no such bot: {_said(kit, answer)}")


def _look_at_coze(kit: Kit, options: Options) -> None:
    """Make calls to check Coze's bot, and its workflow if one is given or the usual one exists."""
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
    """Coze's response about a bot or a workflow; some servers have statistics only."""
    path = f"/v1/{kind}s/{identity}"
    for where, text in ((path, ""), (f"{path}/analytics", "start_date=2023-01-01&end_date=2023-01-01")):
        call = Call("GET", where, text, {"Content-Type": "application/json"})
        answer = _first(kit, "coze", kit.authenticated("coze", call))
        found = re.search(r'"code"\s*:\s*"?(\d+)', answer.text)
        code = found[1] if found else ""
        if answer.status != 404 and code not in _NOT_FOUND:
            break
    _check_service(kit, "coze", answer)
    if code in {"4100", "4101", "700012006"}:
        raise CannotRunError(f"bad credentials: {kit.targets['coze'].name} says {_said(kit, answer)}")
    if code in _NOT_FOUND:
        raise _NoSuchError(f"{kit.targets['coze'].name} has no such {kind}: {_said(kit, answer)}")
    return answer


def _check_service(kit: Kit, service: str, answer: Answer) -> None:
    """Raise `CannotRunError` if the credentials are refused, or if it is another service."""
    name = kit.targets[service].name
    if answer.status in {401, 403}:
        raise CannotRunError(f"bad credentials: {name} says {_said(kit, answer)}")
    _recognize(kit, name, answer)


def _look_for_iam(kit: Kit) -> None:
    """Leave IAM out if the server does not have it, unless the user gave its URL."""
    if "iam" in kit.targets:
        call = Call("GET", "/v3/projects", "", {"Content-Type": "application/json"})
        answer = _first(kit, "iam", kit.authenticated("iam", call))
        if answer.status == 404 and '"error"' not in answer.text:
            kit.targets = {name: target for name, target in kit.targets.items() if name != "iam"}


def _recognize(kit: Kit, name: str, answer: Answer) -> None:
    """Raise `CannotRunError` if the response comes from a proxy or a login page."""
    target = urlsplit(urljoin(f"{name}{answer.call.path}", answer.headers.get("Location", "")))
    if 300 <= answer.status < 400 and not target.path.startswith(("/v1/", "/v3/")):
        raise CannotRunError(
            f"{name} sends us elsewhere: {answer.status} to {target.scheme}://{target.netloc}"
        )
    if "html" in answer.headers.get("Content-Type", "") or answer.text.lstrip().startswith("<"):
        title = re.search(r"<title>([^<]{0,80})", answer.text, re.IGNORECASE)
        page = f" ({' '.join(title[1].split())})" if title else ""
        raise CannotRunError(f"{name} answers {answer.status} with an HTML page{page}, not with the service")
    if answer.status in {407, 502, 503, 504}:
        raise CannotRunError(f"{name} is not available: {_said(kit, answer)}")


def _first(kit: Kit, service: str, call: Call) -> Answer:
    try:
        return kit.targets[service].send(call)
    except NoAnswerError as error:
        raise CannotRunError(kit.mask(str(error))) from error


def _said(kit: Kit, answer: Answer) -> str:
    """The status, code and message of a refusal, shortened."""
    members = dict(re.findall(r'"(error_code|error_msg|message|code|msg)"\s*:\s*"?([^",}]*)', answer.text))
    names = ("error_code", "code", "error_msg", "msg", "message")
    words = " ".join(
        members[name] for name in names if members.get(name, str(answer.status)) != str(answer.status)
    )
    return kit.mask(f"{answer.status} {words or ' '.join(answer.text[:120].split())}")


def run(
    kit: Kit, checks: list[Check] | None = None, tell: Callable[[int, int, int], None] = lambda *_: None
) -> Ledger:
    """Run those of *checks*, by default all, that concern the target.

    *tell* hears how many of how many are done, after how many calls.

    If the target goes away or the user interrupts, `Kit.stopped` says why.
    """
    chosen = [check for check in (all_checks() if checks is None else checks) if kit.concerns(check)]
    for place, check in enumerate(chosen):
        try:
            tell(place, len(chosen), kit.calls)
            kit.run(check)
        except (CannotRunError, KeyboardInterrupt) as error:
            kit.stop(str(error) or INTERRUPTED, chosen[place:])
            break
    return kit.ledger
