"""What goes wrong, and when: values, and one question, which fault for this call."""

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from mockcbs.core.patterns import Call, Pattern
from mockcbs.faults.counters import Key, Ledger, MemoryLedger
from mockcbs.faults.swap import Swaps

Failure = Literal["server-error", "unavailable", "throttled", "token-expired"]
"""Failures that every service has, each in its own envelope."""

FAILURES: tuple[Failure, ...] = get_args(Failure)

Per = Literal["all", "operation", "project", "bot", "token"]

DamageKind = Literal[
    "missing-member",
    "null-member",
    "wrong-type",
    "extra-member",
    "renamed-member",
    "duplicate-key",
    "number-as-string",
    "float-counts",
    "wrong-content-type",
    "wrong-charset",
    "truncated-json",
    "invalid-utf8",
    "empty-body",
    "swapped",
    "wrong-checksum",
]

Wire = Literal[
    "reset",
    "empty-reply",
    "truncated-body",
    "truncated-chunk",
    "reset-body",
    "garbage",
    "slow-headers",
    "no-answer",
]


WebhookTrouble = Literal[
    "duplicate",
    "reordered",
    "late",
    "replayed",
    "bad-signature",
    "reserialised",
    "rotated-secret",
    "burst",
    "lost",
]
"""What can go wrong with a delivery of a webhook."""

WEBHOOK = "webhook"
"""The service of calls that mockcbs itself makes: deliveries of webhooks, ``webhook.deliver``."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered in place of the right answer: a row of a catalogue, or any status and body."""

    error: str | None = None
    """A code such as ``CBS.0031``, or a `Failure`."""
    status: int | None = None
    body: str = ""
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Latency:
    """How long an answer takes: fixed, uniform, or log-normal by median and 99th percentile; in ms."""

    fixed_ms: int | None = None
    uniform_ms: tuple[int, int] | None = None
    median_ms: int | None = None
    p99_ms: int | None = None

    def sample(self, chance: float) -> float:
        """The latency at this quantile, in seconds."""
        if self.uniform_ms is not None:
            low, high = self.uniform_ms
            return (low + (high - low) * chance) / 1000
        if self.median_ms is not None:
            from statistics import NormalDist  # noqa: PLC0415 - 10 ms at start that few need

            sigma = math.log((self.p99_ms or self.median_ms) / self.median_ms) / NormalDist().inv_cdf(0.99)
            return self.median_ms * math.exp(sigma * NormalDist().inv_cdf(max(chance, 1e-9))) / 1000
        return (self.fixed_ms or 0) / 1000


@dataclass(frozen=True, slots=True)
class Throttle:
    """At most *calls* in any *seconds*; more are answered as throttled."""

    calls: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Damage:
    """Something wrong with an answer that is otherwise right."""

    kind: DamageKind
    member: str | None = None
    """Dotted path of the member it happens to; `None` lets the seed choose."""


@dataclass(frozen=True, slots=True)
class Ramp:
    """Grows over *seconds* from the start of the scenario, by a factor *low* to *high*."""

    seconds: float
    low: float = 0.0
    high: float = 1.0

    def factor(self, elapsed: float) -> float:
        """The factor after *elapsed* seconds."""
        return self.low + (self.high - self.low) * min(elapsed / self.seconds, 1.0)


@dataclass(frozen=True, slots=True)
class When:
    """Which calls a rule is about. Calls are counted as they fit `pattern`, one count for each `per`."""

    pattern: Pattern = field(default_factory=Pattern)
    per: Per = "all"
    state: str | None = None
    """The state the scenario must be in."""
    nth: int | None = None
    every: int = 1
    """Of three calls the third, if this is 3."""
    first: int | None = None
    after: int | None = None
    probability: float = 1.0
    since: int | None = None
    """From this instant of mockcbs's clock on, ms UTC."""
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Then:
    """What happens to such a call; members may be combined."""

    answer: Answer | None = None
    throttle: Throttle | None = None
    latency: Latency | None = None
    bytes_per_second: float | None = None
    damage: tuple[Damage, ...] = ()
    wire: Wire | None = None
    webhook: WebhookTrouble | None = None
    stale_ms: int = 0
    """The answer of this many ms ago."""
    state: str | None = None
    """The state the scenario goes to."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Such calls meet such a fate."""

    when: When = field(default_factory=When)
    then: Then = field(default_factory=Then)
    ramp: Ramp | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story of things going wrong. Of its rules, the first that applies to a call decides."""

    name: str
    rules: tuple[Rule, ...] = ()
    description: str = ""
    seed: int = 0
    ttl_seconds: float | None = None
    """It ends by itself after this time; `None` for never."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one call."""

    scenario: str
    then: Then
    chance: float
    """A number from 0 up to 1, the same in every run, for whatever is left to chance."""
    delay: float = 0.0
    """Seconds before the first byte."""
    retry_after: float = 0.0
    """Seconds until a throttled caller may call again."""


class Run:
    """A scenario as it is being played: what it has counted, and the state it is in."""

    def __init__(
        self,
        scenario: Scenario,
        stopwatch: Callable[[], int],
        ledger: Ledger | None = None,
        started: int | None = None,
    ) -> None:
        """*stopwatch* counts milliseconds; *started* is what it showed at the beginning, now by default."""
        self.scenario = scenario
        self.swaps = Swaps()
        self.started = stopwatch() if started is None else started
        self._stopwatch = stopwatch
        self._ledger = ledger or MemoryLedger()

    @property
    def state(self) -> str:
        """The state it is in."""
        return self._ledger.state

    @property
    def elapsed(self) -> int:
        """Milliseconds since it began; what a clock had skipped is taken back with the clock."""
        shown = self._stopwatch()
        self.started = min(self.started, shown)
        return shown - self.started

    @property
    def is_over(self) -> bool:
        """Whether its time to live has passed."""
        ttl = self.scenario.ttl_seconds
        return ttl is not None and self.elapsed >= ttl * 1000

    def fault(self, call: Call, now: int, codes: Mapping[str, Any]) -> Fault | None:
        """Which fault, for this call? *now* is ms UTC; *codes* are those its service can answer."""
        concerned = [
            (place, rule) for place, rule in enumerate(self.scenario.rules) if _concerns(rule, call, codes)
        ]
        if not concerned:
            return None
        with self._ledger.open():
            chosen: Fault | None = None
            state = self._ledger.state
            for place, rule in concerned:
                if rule.when.state not in {None, state}:
                    continue
                key = place, _key(rule.when.per, call)
                number = self._ledger.count(key)
                if chosen is None and _due(rule.when, number, now):
                    chosen = self._apply(rule, key, number)
            return chosen

    def enter(self, state: str) -> None:
        """Go to another state; what its rules have counted before is forgotten."""
        with self._ledger.open():
            self._enter(state)

    def _enter(self, state: str) -> None:
        self._ledger.state = state
        for place, rule in enumerate(self.scenario.rules):
            if rule.when.state == state:
                self._ledger.forget(place)

    def _apply(self, rule: Rule, key: Key, number: int) -> Fault | None:
        factor = rule.ramp.factor(self.elapsed / 1000) if rule.ramp else 1.0
        growing_latency = rule.ramp and rule.then.latency and rule.when.probability == 1
        likely = rule.when.probability * (1 if growing_latency else factor)
        if _chance(self.scenario.seed, "whether", key, number) >= likely:
            return None
        if rule.then.state:
            self._enter(rule.then.state)
        then, wait = rule.then, 0.0
        if then.throttle:
            wait = self._wait(then.throttle, key)
            then = replace(then, answer=Answer("throttled") if wait else None)
        chance = _chance(self.scenario.seed, "what", key, number)
        delay = then.latency.sample(chance) * (factor if growing_latency else 1) if then.latency else 0.0
        return Fault(self.scenario.name, then, chance, delay, wait)

    def _wait(self, throttle: Throttle, key: Key) -> float:
        """Seconds until this caller may call; 0 if it may now."""
        at = self.elapsed
        passed = self._ledger.passed(key)
        window = round(throttle.seconds * 1000)
        while passed and not at - window < passed[0] <= at:
            passed.popleft()
        if len(passed) >= throttle.calls:
            oldest = passed[0] if passed else at
            return max(oldest + window - at, 1) / 1000
        passed.append(at)
        self._ledger.keep_passed(key, passed)
        return 0.0


def _concerns(rule: Rule, call: Call, codes: Mapping[str, Any]) -> bool:
    """Whether the rule is about such calls, in the state it is for."""
    when, answer = rule.when, rule.then.answer
    if (call.service == WEBHOOK) is not (rule.then.webhook is not None):
        return False
    if answer and answer.error and answer.error not in codes:
        return False
    if when.per == "token" and call.credential is None:
        return False
    return when.pattern.fits(call)


def _due(when: When, number: int, now: int) -> bool:
    return (
        (when.nth is None or number == when.nth)
        and number % when.every == 0
        and (when.first is None or number <= when.first)
        and (when.after is None or number > when.after)
        and (when.since is None or now >= when.since)
        and (when.until is None or now < when.until)
    )


def _key(per: Per, call: Call) -> str | None:
    if per == "operation":
        return call.operation or f"{call.method} {call.service}"
    if per == "project":
        return call.project
    if per == "bot":
        return call.bot
    return call.credential if per == "token" else None


def _chance(seed: int, purpose: str, key: Key, number: int) -> float:
    """A number from 0 up to 1 that depends on these alone."""
    text = f"mockcbs/chance/{seed}/{purpose}/{key[0]}/{key[1]}/{number}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6]) / 2**48
