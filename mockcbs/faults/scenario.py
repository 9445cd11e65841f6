"""Scenarios: the values that state faults and their times, and the run that chooses the fault of a call."""

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, get_args

from mockcbs.core.patterns import Call, Pattern, Plain
from mockcbs.faults.counters import Counters, Key, MemoryCounters
from mockcbs.faults.swap import Swaps

Failure = Literal["server-error", "unavailable", "throttled", "token-expired"]
"""Failures that every service can return, each in its own envelope."""

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
    "reset-upload",
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
"""The kinds of faults of a webhook delivery."""

WEBHOOK = "webhook"
"""The service of calls that mockcbs itself makes: deliveries of webhooks, ``webhook.deliver``."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response that replaces the correct one: a row of an error catalogue, or any status and body."""

    error: str | None = None
    """A code such as ``CBS.0031``, or a `Failure`."""
    status: int | None = None
    body: str = ""
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Latency:
    """The latency of a response in ms: fixed, uniform, or log-normal with a median and 99th percentile."""

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
    """At most *calls* in any *seconds*; further calls are throttled."""

    calls: int
    seconds: float
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers of the response to a throttled call, such as ``Retry-After``, beside those of the service."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Damage to a correct response."""

    kind: DamageKind
    member: str | None = None
    """The dotted path of the damaged member; `None` lets the seed choose one."""


@dataclass(frozen=True, slots=True)
class Ramp:
    """A factor that grows from *low* to *high* over the first *seconds* of the scenario."""

    seconds: float
    low: float = 0.0
    high: float = 1.0

    def factor(self, elapsed: float) -> float:
        """The factor after *elapsed* seconds."""
        return self.low + (self.high - self.low) * min(elapsed / self.seconds, 1.0)


@dataclass(frozen=True, slots=True)
class When:
    """The calls that a rule applies to. Calls that match `pattern` are counted, one count for each `per`."""

    pattern: Pattern = field(default_factory=Pattern)
    per: Per = "all"
    state: str | None = None
    """The state in which the rule applies; `None` for any."""
    nth: int | None = None
    every: int = 1
    """3 means every third call."""
    first: int | None = None
    after: int | None = None
    probability: float = 1.0
    since: int | None = None
    """The rule applies from this time of mockcbs's clock on, ms UTC."""
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Then:
    """The effect on a call; members can be combined."""

    answer: Answer | None = None
    throttle: Throttle | None = None
    latency: Latency | None = None
    bytes_per_second: float | None = None
    upload_bytes_per_second: float | None = None
    """The speed at which the server reads the body of the request."""
    damage: tuple[Damage, ...] = ()
    wire: Wire | None = None
    webhook: WebhookTrouble | None = None
    stale_ms: int = 0
    """The age of the response in ms: it is the one that was correct at that time."""
    state: str | None = None
    """The next state of the scenario."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Calls, and what happens to them."""

    when: When = field(default_factory=When)
    then: Then = field(default_factory=Then)
    ramp: Ramp | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named list of rules; the first rule that applies to a call decides."""

    name: str
    rules: tuple[Rule, ...] = ()
    description: str = ""
    seed: int = 0
    ttl_seconds: float | None = None
    """The time to live in seconds; `None` means that the scenario does not end."""

    @property
    def concerns_uploads(self) -> bool:
        """Whether it is to be asked before the body of a request is read: it may slow that down or end it.

        One that looks at bodies cannot be asked so early; its faults come when the body has been read.
        """
        return any(
            rule.then.upload_bytes_per_second or rule.then.wire == "reset-upload" for rule in self.rules
        ) and not any(rule.when.pattern.body for rule in self.rules)


class Fault(NamedTuple):
    """The fault of one call."""

    scenario: str
    then: Then
    chance: float
    """A random number from 0 up to 1 that is the same in every run."""
    delay: float = 0.0
    """Seconds before the first byte."""
    retry_after: float = 0.0
    """Seconds until a throttled caller may call again."""


class Run:
    """A running scenario: its counters and its state."""

    def __init__(
        self,
        scenario: Scenario,
        stopwatch: Callable[[], int],
        counters: Counters | None = None,
        started: int | None = None,
    ) -> None:
        """*stopwatch* counts milliseconds; *started* is its value at the start, by default that of now."""
        self.scenario = scenario
        self.swaps = Swaps()
        self.started = stopwatch() if started is None else started
        self._stopwatch = stopwatch
        self._counters = counters or MemoryCounters()

    @property
    def state(self) -> str:
        """The present state."""
        return self._counters.state

    @property
    def elapsed(self) -> int:
        """Milliseconds since the start; if the clock was turned back to before the start, 0."""
        shown = self._stopwatch()
        self.started = min(self.started, shown)
        return shown - self.started

    @property
    def is_over(self) -> bool:
        """Whether the time to live is over."""
        ttl = self.scenario.ttl_seconds
        return ttl is not None and self.elapsed >= ttl * 1000

    def fault(self, call: Call, now: int, codes: Mapping[str, Any]) -> Fault | None:
        """The fault of *call*, or `None`. *now* is ms UTC; *codes* are the error codes of its service."""
        concerned = [
            (place, rule) for place, rule in enumerate(self.scenario.rules) if _concerns(rule, call, codes)
        ]
        if not concerned:
            return None
        with self._counters.open():
            chosen: Fault | None = None
            state = self._counters.state
            for place, rule in concerned:
                if rule.when.state not in {None, state}:
                    continue
                key = place, _key(rule.when.per, call)
                # Every rule counts the call, even if an earlier one decides, so that rules are independent.
                number = self._counters.count(key)
                if chosen is None and _due(rule.when, number, now):
                    chosen = self._apply(rule, key, number)
            return chosen

    def may_concern(self, call: Plain) -> bool:
        """Whether a rule can apply to a call like *call* with another query, other headers or body."""
        return any(rule.when.pattern.fits_plain(call) for rule in self.scenario.rules)

    def enter(self, state: str) -> None:
        """Change to another state, and reset the counts of its rules."""
        with self._counters.open():
            self._enter(state)

    def _enter(self, state: str) -> None:
        self._counters.state = state
        for place, rule in enumerate(self.scenario.rules):
            if rule.when.state == state:
                self._counters.forget(place)

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
            then = replace(then, answer=Answer("throttled", headers=then.throttle.headers) if wait else None)
        chance = _chance(self.scenario.seed, "what", key, number)
        delay = then.latency.sample(chance) * (factor if growing_latency else 1) if then.latency else 0.0
        return Fault(self.scenario.name, then, chance, delay, wait)

    def _wait(self, throttle: Throttle, key: Key) -> float:
        """Seconds until this caller may call again; 0 if the call passes."""
        at = self.elapsed
        passed = self._counters.passed(key)
        window = round(throttle.seconds * 1000)
        # Times after now are dropped, too: they stem from a clock that has since been turned back.
        while passed and not at - window < passed[0] <= at:
            passed.popleft()
        if len(passed) >= throttle.calls:
            oldest = passed[0] if passed else at
            return max(oldest + window - at, 1) / 1000
        passed.append(at)
        self._counters.keep_passed(key, passed)
        return 0.0


def _concerns(rule: Rule, call: Call, codes: Mapping[str, Any]) -> bool:
    """Whether the rule applies to such calls in any state."""
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
    """A number from 0 up to 1 that depends on nothing but the arguments."""
    text = f"mockcbs/chance/{seed}/{purpose}/{key[0]}/{key[1]}/{number}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6]) / 2**48
