"""Opening a target, and running the whole kit on it."""

import ipaddress
import json
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from urllib.parse import urljoin, urlsplit

import mockcbs.contract_tests
from mockcbs.app import create_app
from mockcbs.contract.cbs import TAILS
from mockcbs.contract.gateway import every_answer
from mockcbs.contract.kit import Check, Credentials, Kit, collect
from mockcbs.contract.ledger import Ledger
from mockcbs.contract.targets import (
    Answer,
    Call,
    CannotRunError,
    NoAnswerError,
    Target,
    UrlTarget,
    WsgiTarget,
)
from mockcbs.contract_tests.clauses import CLAUSES
from mockcbs.iam.identity import DEFAULT_PROJECT
from mockcbs.settings import Settings
from mockcbs.state import State
from mockcbs.traffic.bots import ANY

_DEFAULT_BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
INTERRUPTED = "interrupted"
_POLITE = 5.0
"""Calls per second to a server that is not on this machine, unless the user says otherwise."""
_ours = Settings()
_OUR_CREDENTIALS = Credentials(
    access_key=_ours.access_key,
    secret_key=_ours.secret_key,
    iam_user=_ours.iam_user,
    iam_password=_ours.iam_password,
    iam_domain=_ours.iam_domain,
)


@dataclass(frozen=True)
class Options:
    """What the user chose; the same names as the options of ``mockcbs contract``."""

    cbs: str = ""
    """Base URL; empty for the mock in process."""
    iam: str = ""
    project_id: str = ""
    qabot_id: str = ""
    token: str = field(default="", repr=False)
    ak: str = ""
    sk: str = field(default="", repr=False)
    iam_user: str = ""
    iam_password: str = field(default="", repr=False)
    iam_domain: str = ""
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
            self.token, self.ak, self.sk, self.iam_user, self.iam_password, self.iam_domain or self.iam_user
        )
        if self.token or self.ak or self.iam_password:
            return given
        if self.cbs and not is_local(self.cbs):
            raise CannotRunError(
                "no credentials: set MOCKCBS_CONTRACT_TOKEN, or …_AK and …_SK, or …_IAM_PASSWORD"
            )
        return _OUR_CREDENTIALS


def is_local(url: str) -> bool:
    """Whether *url* leads to this machine."""
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


def open_kit(options: Options) -> Kit:
    """The target, ready to be checked; raises `CannotRunError` with one clear line."""
    kit = _remote(options) if options.cbs else in_process(options)
    _log_in(kit)
    _look(kit)
    if not options.iam:
        _look_for_iam(kit)
    kit.heard.clear()
    return kit


def in_process(options: Options) -> Kit:
    """A strict mock of this process."""
    app = create_app(
        Settings(
            seed=options.seed, dataset=options.dataset, now=options.now, strict=True, default_start="epoch"
        )
    )
    mock: State = app.extensions["mockcbs"]
    named = [bot_id for bot_id in mock.dataset.bots if bot_id != ANY and "-" in bot_id]
    bot_id = _DEFAULT_BOT if _DEFAULT_BOT in named or not named else named[0]
    target = WsgiTarget(app)
    kit = Kit(
        {"cbs": target, "iam": target},
        _OUR_CREDENTIALS,
        options.project_id or DEFAULT_PROJECT,
        options.qabot_id or bot_id,
        Ledger(CLAUSES),
        writes=options.allow_writes,
        now=mock.clock.now() if mock.clock.frozen else None,
        universal={"cbs": every_answer, "iam": every_answer},
    )
    kit.skip = partial(skip, kit, mock)
    return kit


def skip(kit: Kit, mock: State, milliseconds: int) -> None:
    """Let time pass for *mock*, and let *kit* know."""
    mock.clock.advance(milliseconds)
    kit.ahead += milliseconds
    kit.now = mock.clock.now() if mock.clock.frozen else None
    kit.memory.pop("ends", None)  # instants seen so far were those of another clock


def _remote(options: Options) -> Kit:
    targets: dict[str, Target] = {"cbs": _url(options, options.cbs)}
    credentials = options.credentials
    local = is_local(options.cbs)
    if not local and not (options.project_id and options.qabot_id):
        raise CannotRunError("no bot: set MOCKCBS_CONTRACT_PROJECT_ID and MOCKCBS_CONTRACT_QABOT_ID")
    if options.iam:
        targets["iam"] = _url(options, options.iam)
    elif local:
        targets["iam"] = targets["cbs"]
    elif options.iam_password:
        raise CannotRunError(
            "no IAM: set MOCKCBS_CONTRACT_IAM, such as https://iam.cn-north-4.myhuaweicloud.com"
        )
    return Kit(
        targets,
        credentials,
        options.project_id or DEFAULT_PROJECT,
        options.qabot_id or _DEFAULT_BOT,
        Ledger(CLAUSES),
        writes=options.allow_writes,
        now=options.now,
        universal={"cbs": every_answer, "iam": every_answer},
    )


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
    """Get a token: the user's own, or one for their password."""
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
    """One call, to see whether the service is there and lets us in."""
    path = f"/v1/{kit.project_id}/qabots/{kit.qabot_id}/{TAILS['session-stats']}"
    call = Call("GET", path, "start_time=0&end_time=1", {"Content-Type": "application/json"})
    answer = _first(kit, "cbs", kit.authenticated("cbs", call))
    name = kit.targets["cbs"].name
    if answer.status in {401, 403}:
        raise CannotRunError(f"bad credentials: {name} says {_said(kit, answer)}")
    _recognize(kit, name, answer)
    if re.search(r'"CBS\.(2114|3254|1114)"', answer.text):
        raise CannotRunError(f"{name} has no such bot: {_said(kit, answer)}")


def _look_for_iam(kit: Kit) -> None:
    """Leave IAM out if this server, where it was only supposed to be, knows nothing of it."""
    if "iam" in kit.targets:
        call = Call("GET", "/v3/projects", "", {"Content-Type": "application/json"})
        answer = _first(kit, "iam", kit.authenticated("iam", call))
        if answer.status == 404 and '"error"' not in answer.text:
            kit.targets = {name: target for name, target in kit.targets.items() if name != "iam"}


def _recognize(kit: Kit, name: str, answer: Answer) -> None:
    """Raise `CannotRunError` if it is not the service that answers, but a proxy, a login page or nobody."""
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
    """Status, code and message of a refusal, in a few words."""
    members = dict(re.findall(r'"(error_code|error_msg|message)"\s*:\s*"([^"]*)"', answer.text))
    words = " ".join(members[name] for name in ("error_code", "error_msg", "message") if name in members)
    return kit.mask(f"{answer.status} {words or ' '.join(answer.text[:120].split())}")


def run(
    kit: Kit, checks: list[Check] | None = None, tell: Callable[[int, int, int], None] = lambda *_: None
) -> Ledger:
    """Run *checks*, by default all, and *tell* how many of how many are done, after how many calls.

    If the target goes away or the user has enough, `Kit.stopped` says so.
    """
    chosen = all_checks() if checks is None else checks
    for place, check in enumerate(chosen):
        try:
            tell(place, len(chosen), kit.calls)
            kit.run(check)
        except (CannotRunError, KeyboardInterrupt) as error:
            kit.stop(str(error) or INTERRUPTED, chosen[place:])
            break
    return kit.ledger
