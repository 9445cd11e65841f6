"""Runs checks on one target and stores the verdicts on the clauses of its contract."""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn
from urllib.parse import urlsplit

from mockcbs.contract import excerpts
from mockcbs.contract.credentials import Credentials, sign
from mockcbs.contract.lacking import Comparison, Lacking, LackingError, blames, lack_in, readable
from mockcbs.contract.ledger import Evidence, Ledger
from mockcbs.contract.mask import Mask
from mockcbs.contract.targets import (
    Answer,
    Call,
    CallsSpentError,
    CannotRunError,
    ClosedError,
    NoAnswerError,
    Target,
)
from mockcbs.core import masking
from mockcbs.core.clock import real_now

Check = Callable[["Kit"], None]

_FORM = re.compile(r"(\w+\.)?(http\.|shape[.-]|number[.-])")
"""The clauses about the form of responses, which any call can break."""
_MAX_UNANSWERED_IN_A_ROW = 5
"""The run stops after this many consecutive calls without a response."""
_MAX_UNANSWERED = 20
"""The run stops after this many calls without a response."""
_UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)
"""The exceptions that a check raises if a response has an unexpected form."""


class NotApplicableError(Exception):
    """Raised if a check does not apply to this target; the message states the reason."""


class NotReachedError(Exception):
    """Raised if a check cannot reach a verdict; the message states the reason."""


def checks(*clauses: str) -> Callable[[Check], Check]:
    """Mark a test with the ids of the clauses that it checks."""

    def mark(check: Check) -> Check:
        check.clauses = clauses  # type: ignore[attr-defined]
        return check

    return mark


@dataclass
class Kit:
    """The argument of every check: a target, credentials, and the verdicts so far."""

    targets: Mapping[str, Target]
    """The targets by service."""
    credentials: Credentials
    project_id: str
    qabot_id: str
    ledger: Ledger
    writes: bool = False
    """Whether calls that change the target are allowed."""
    now: int | None = None
    """The time of the target's stopped clock, ms UTC; `None` if it runs."""
    skip: Callable[[int], None] | None = None
    """Moves the target's clock forward by ms; `None` if the kit cannot do that."""
    ahead: int = 0
    """How far the clock was moved, in milliseconds."""
    token: str = field(default="", repr=False)
    coze_bot_id: str = ""
    coze_workflow_id: str = ""
    coze_workspace_id: str = ""
    """The workspace to read if the target does not list it; empty if unknown."""
    accounts: Mapping[str, str] = field(default_factory=dict)
    """Ids and credentials of the other services, by the names of their options."""
    secrets: frozenset[str] = frozenset()
    """The names in `accounts` whose values are never shown."""
    authenticators: Mapping[str, Callable[["Kit", Call], Call]] = field(default_factory=dict)
    """Functions that add credentials to calls, by service."""
    local: bool = False
    """Whether the target runs on this machine, where the kit may leave objects behind."""
    universal: Mapping[str, Callable[["Kit", Answer], None]] = field(default_factory=dict)
    """The check that runs on every response, by service."""
    denial: Callable[["Kit", str, Answer], str] = lambda *_: ""
    """Returns why a response is not judged, such as a read-only account; empty if it is."""
    confirm: Callable[["Kit", str, Answer, bool], None] = lambda *_: None
    """Raises `CannotRunError` if a response shows that the target does not serve any more. The last argument
    says whether the call had valid credentials."""
    read_only: dict[str, str] = field(default_factory=dict)
    """By service, the sentence about an account that may only read; empty if it may write."""
    anywhere: set[str] = field(default_factory=set)
    """Clauses that any call can break, in addition to those about form; the clients of services add them."""
    memory: dict[str, Any] = field(default_factory=dict)
    """Values that checks share, by name."""
    heard: list[tuple[str, Call | None, Answer]] = field(default_factory=list)
    """Every response with its service; the request too, unless it had special headers or no credentials."""
    opened: dict[str, Call] = field(default_factory=dict)
    """By service, the last GET that was sent before the run."""
    silences: int = 0
    """The number of calls that timed out or failed to connect."""
    stopped: str = ""
    """Why the run stopped early; empty if it did not."""
    mask: Mask = field(init=False)
    _unanswered: int = 0
    _declared: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.mask = Mask([*self._secrets(), *self._names()])

    def _secrets(self) -> Iterator[tuple[str, str]]:
        ours = self.credentials
        password = ours.iam_password if ours.iam_password != ours.iam_user else ""
        for secret in (ours.token, ours.access_key, ours.secret_key, ours.coze_token, password):
            yield secret, "****"

    def _names(self) -> Iterator[tuple[str, str]]:
        yield self.project_id, "{project_id}"
        yield self.qabot_id, "{qabot_id}"
        yield self.coze_bot_id, "{bot_id}"
        yield self.coze_workflow_id, "{workflow_id}"
        yield self.coze_workspace_id, "{workspace_id}"
        for name, value in self.accounts.items():
            yield value, "****" if name in self.secrets else f"{{{name}}}"

    @property
    def calls(self) -> int:
        """The number of calls so far."""
        return sum({id(target): target.spent for target in self.targets.values()}.values())

    # Requests

    def present(self, answer: Answer) -> int:
        """The time of *answer* by the target's clock, as far as known, ms UTC."""
        return self.now if self.now is not None else answer.received + self.ahead

    def call(
        self,
        service: str,
        method: str,
        path: str,
        query: str = "",
        *,
        headers: Mapping[str, str | None] | None = None,
        body: bytes = b"",
        auth: bool = True,
    ) -> Answer:
        """Send a request to *service*, and run the check for every response.

        A header whose value is `None` is left out. Raises `NoAnswerError`, `NotApplicableError` if no target
        serves *service*, `NotReachedError` if the account is read-only and the call is no read,
        `LackingError` if the request needs a value that the target did not send, and `CannotRunError` if the
        target does not serve any more.
        """
        if service not in self.targets:
            raise NotApplicableError(f"no {service} target is given")
        given: dict[str, str | None] = {"Content-Type": "application/json", **(headers or {})}
        call = Call(method, path, query, {k: v for k, v in given.items() if v is not None}, body)
        if (lack := lack_in(f"{call.target} {body.decode('utf-8', 'replace')}")) is not None:
            raise LackingError(lack)
        plain, call = call, self.authenticated(service, call) if auth else call
        try:
            answer = self.targets[service].send(call)
        except NoAnswerError as error:
            self._silence(service, call, error)
            raise
        self._unanswered = 0
        self.confirm(self, service, answer, auth)
        if reason := self.denial(self, service, answer):
            raise NotReachedError(reason)
        self.heard.append((service, plain if auth and not headers else None, answer))
        if service in self.universal:
            self.universal[service](self, answer)
        return answer

    def authenticated(self, service: str, call: Call) -> Call:
        """Add the credentials of *service* to *call*."""
        if service not in self.authenticators:
            raise AssertionError(f"the kit cannot authenticate at {service}")
        return self.authenticators[service](self, call)

    def signed(
        self, service: str, call: Call, *, at: int | None = None, secret_key: str | None = None
    ) -> Call:
        """Sign *call* with the access key, dated now or *at* (ms UTC).

        Raises `NotApplicableError` without an access key.
        """
        ours = self.credentials
        if not ours.access_key:
            raise NotApplicableError("no access key is given")
        if secret_key is not None:
            ours = replace(ours, secret_key=secret_key)
        return sign(call, ours, self._host(service), self.project_id, real_now() if at is None else at)

    def _host(self, service: str) -> str:
        parts = urlsplit(getattr(self.targets[service], "url", "http://localhost"))
        usual = {"http": 80, "https": 443}[parts.scheme]
        name = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
        return name if parts.port in {None, usual} else f"{name}:{parts.port}"

    def _silence(self, service: str, call: Call, error: NoAnswerError) -> None:
        """Count a call without a response; raise `CannotRunError` if the target seems to be down."""
        found = self.mask(str(error))
        own = f"{service}.http.answered"
        clause = own if own in self.ledger.entries else "http.answered"
        self.ledger.enter(clause, Evidence(self._request(call), "", "a response", found), held=False)
        self._unanswered += 1
        self.silences += not isinstance(error, ClosedError)
        if self._unanswered >= _MAX_UNANSWERED_IN_A_ROW or self.silences >= _MAX_UNANSWERED:
            raise CannotRunError(found)

    def must_write(self) -> None:
        """End the check unless calls may change the target."""
        if not self.writes:
            raise NotApplicableError("writing is not allowed (--allow-writes)")

    # Verdicts

    def expect(self, clause: str, answer: Answer, found: object, expected: object, where: str = "") -> bool:
        """Compare *found* with *expected*, store the verdict on *clause*, and return whether it holds."""
        self._declares(clause)
        try:
            held = bool(found == expected)
        except LackingError:
            known = Comparison(found, expected)
            held = known.equal
            if held and known.lacking is not None and not known.compared:
                self._lacks(known.lacking, clause)
                return True
        if held and self.ledger.entries[clause].held:
            self.ledger.entries[clause].checks += 1
            return True
        label = f"{where} = " if where else ""
        one, other = excerpts.pair(*(self.mask(excerpts.shown(value)) for value in (found, expected)))
        return self.judge(clause, answer, f"{label}{other}", f"{label}{one}", held=held)

    def judge(self, clause: str, answer: Answer, expected: str, found: str, *, held: bool | Lacking) -> bool:
        """Store the verdict *held* on *clause*, and return it."""
        self._declares(clause)
        if isinstance(held, Lacking):
            self._lacks(held, clause)
            return True
        if held and self.ledger.entries[clause].held:
            self.ledger.entries[clause].checks += 1
            return True
        about = () if held else (found, expected)
        texts = (self._private(answer.call, readable(text)) for text in (expected, found))
        shown = (excerpts.part(text, *about) for text in texts)
        evidence = Evidence(self._request(answer.call), self.excerpt(answer, *about), *shown)
        self.ledger.enter(clause, evidence, held=held)
        return held

    def beginning(self, answer: Answer) -> str:
        """The first characters of a response, without secrets and ids."""
        return excerpts.beginning(self.mask(answer.text[: excerpts.MAX_SECRET]))

    def excerpt(self, answer: Answer, *about: str) -> str:
        """The part of a response that *about* names, without secrets, ids and data about people."""
        text = f"HTTP {answer.status} {answer.text[: excerpts.MAX_SECRET]}"
        return excerpts.part(self._private(answer.call, text), *about)

    def _private(self, call: Call, text: str) -> str:
        """*text* without data about people and accounts."""
        shown = excerpts.without_people(self.mask(text))
        if not call.path.startswith(excerpts.ACCOUNTS):
            return shown
        for name in {self.credentials.iam_user, self.credentials.iam_domain} - {""}:
            shown = shown.replace(name, "****")
        return excerpts.without_names(shown)

    def _declares(self, clause: str) -> None:
        if clause not in self._declared and clause not in self.anywhere and not _FORM.match(clause):
            raise AssertionError(f"the check does not name clause {clause}")

    def _request(self, call: Call) -> str:
        lines = [f"{call.method} {call.target}"]
        lines += [
            f"{name}: {excerpts.without_signature(value)}"
            for name, value in masking.headers(call.headers.items()).items()
        ]
        if call.body:
            lines += ["", excerpts.without_names(call.body.decode("utf-8", "backslashreplace"))]
        return self.mask("\n".join(lines))[: excerpts.MAX_REQUEST]

    def concerns(self, check: Check) -> bool:
        """Whether this run covers all clauses of *check*."""
        return self.ledger.entries.keys() >= set(check.clauses)  # type: ignore[attr-defined]

    def run(self, check: Check) -> None:
        """Run one check and store its verdicts."""
        self._declared = check.clauses  # type: ignore[attr-defined]
        try:
            check(self)
        except NotApplicableError as error:
            self._excuse(str(error), applicable=False)
        except LackingError as error:
            self._lacks(error.lack, *self._declared)
        except (NotReachedError, NoAnswerError, CallsSpentError) as error:
            self._excuse(str(error), applicable=True)
        except _UNREADABLE as error:
            self._unreadable(error, *self._declared)
        else:
            self._excuse("the data of this target is not sufficient", applicable=True)

    @contextmanager
    def part(self, *clauses: str) -> Iterator[None]:
        """A part of a check, about *clauses*: a missing value ends only this part, not the check."""
        try:
            yield
        except LackingError as error:
            self._lacks(error.lack, *(clauses or self._declared))
        except _UNREADABLE as error:
            self._unreadable(error, *(clauses or self._declared))

    def stop(self, reason: str, left: Iterable[Check]) -> None:
        """End the run; mark the clauses of the checks that are *left* as not reached."""
        self.stopped = self.mask(reason)
        for check in left:
            for clause in check.clauses:  # type: ignore[attr-defined]
                self.ledger.excuse(clause, self.stopped, applicable=True)

    def _excuse(self, reason: str, *, applicable: bool) -> None:
        for clause in self._declared:
            self.ledger.excuse(clause, self.mask(reason), applicable=applicable)

    def _lacks(self, lack: Lacking, *clauses: str) -> None:
        """Record that *clauses* were not checked, as the target did not send a value."""
        cause = lack.clause if lack.is_part else ""
        for clause in clauses:
            self.ledger.excuse(clause, self.mask(lack.reason), applicable=True, cause=cause)

    def _unreadable(self, error: Exception, *clauses: str) -> None:
        """Record that an unexpected response made the check fail, which breaks one of its *clauses*."""
        if (lack := blames(error)) is not None:
            self._lacks(lack, *clauses)
            return
        untested = [clause for clause in clauses if not self.ledger.entries[clause].checks]
        found = self.mask(f"{type(error).__name__}: {error}")
        last = self.heard[-1][2] if self.heard else None
        shown = (self._request(last.call), self.excerpt(last)) if last else ("", "")
        evidence = Evidence(*shown, "a readable response", found)
        broken = (untested or list(clauses))[0]
        self.ledger.enter(broken, evidence, held=False)
        for clause in untested[1:]:
            self.ledger.excuse(clause, f"a response could not be read ({broken})", applicable=True)


def not_reached(reason: str) -> NoReturn:
    """End a check without a verdict; raises `NotReachedError`."""
    raise NotReachedError(reason)


def collect(modules: Iterator[Any]) -> list[Check]:
    """The checks in *modules*, in the order of their definition."""
    return [
        check
        for module in modules
        for name, check in vars(module).items()
        if name.startswith("test_") and hasattr(check, "clauses")
    ]


def made_up() -> str:
    """A random text that is unknown to any target."""
    return f"mockcbs-{secrets.token_hex(6)}"
