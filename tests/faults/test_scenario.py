"""Which fault, for this call: counting, chance, states, time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcbs.core.patterns import Call, Pattern
from mockcbs.faults.counters import START
from mockcbs.faults.scenario import Answer, Latency, Ramp, Rule, Run, Scenario, Then, Throttle, When

CODES = {"server-error": None, "throttled": None}
ERROR = Then(answer=Answer("server-error"))
CALL = Call("GET", "/a", "cbs", "cbs.keywords")


class Watch:
    """A stopwatch that a test moves."""

    def __init__(self) -> None:
        self.ms = 0

    def __call__(self) -> int:
        """Milliseconds."""
        return self.ms


def hits(run: Run, calls: int, call: Call = CALL) -> list[bool]:
    """For so many calls, whether each met a fault."""
    return [run.fault(call, 0, CODES) is not None for _ in range(calls)]


def run_of(*rules: Rule, watch=None, **attributes) -> Run:
    return Run(Scenario("test", rules, **attributes), watch or Watch())


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (When(), [True, True, True, True]),
        (When(nth=2), [False, True, False, False]),
        (When(every=2), [False, True, False, True]),
        (When(every=2, after=2), [False, False, False, True]),
        (When(first=2), [True, True, False, False]),
        (When(after=2), [False, False, True, True]),
        (When(first=3, after=1), [False, True, True, False]),
        (When(probability=0), [False] * 4),
        (When(state="elsewhere"), [False] * 4),
    ],
)
def test_which_calls(when, expected):
    """Calls are picked by their number, counted from 1."""
    assert hits(run_of(Rule(when, ERROR)), 4) == expected


def test_calls_that_do_not_fit_are_not_counted():
    """Only calls of an operation count for its number, not other calls."""
    run = run_of(Rule(When(Pattern(operation="cbs.keywords"), nth=2), ERROR))
    other = Call("GET", "/b", "cbs", "cbs.reply_rates")

    seen = [run.fault(call, 0, CODES) is not None for call in (CALL, other, other, CALL)]

    assert seen == [False, False, False, True]


@pytest.mark.parametrize(
    ("per", "other"),
    [
        ("operation", Call("GET", "/a", operation="cbs.reply_rates", project="p", bot="b", credential="t")),
        ("project", Call("GET", "/a", operation="cbs.keywords", project="q", bot="b", credential="t")),
        ("bot", Call("GET", "/a", operation="cbs.keywords", project="p", bot="c", credential="t")),
        ("token", Call("GET", "/a", operation="cbs.keywords", project="p", bot="b", credential="u")),
    ],
)
def test_counted_apart(per, other):
    """Each operation, project, bot or token has its own count."""
    one = Call("GET", "/a", operation="cbs.keywords", project="p", bot="b", credential="t")
    run = run_of(Rule(When(per=per, first=1), ERROR))

    seen = [run.fault(call, 0, CODES) is not None for call in (one, one, other, other)]

    assert seen == [True, False, True, False]


def test_a_rule_per_token_leaves_calls_without_one_alone():
    """Logging in sends no token, so no token of it can expire."""
    assert hits(run_of(Rule(When(per="token"), ERROR)), 1) == [False]


def test_an_error_of_another_service_does_not_apply():
    """A code that the call's service does not have is left to calls of the service that has it."""
    assert hits(run_of(Rule(When(), Then(answer=Answer("4013")))), 1) == [False]


def test_the_first_rule_that_applies_decides():
    """Rules are asked in order, but every rule counts every call that fits it."""
    run = run_of(Rule(When(nth=1), ERROR), Rule(When(nth=2), Then(answer=Answer("throttled"))))

    met = [fault.then.answer.error for _ in range(2) if (fault := run.fault(CALL, 0, CODES))]

    assert met == ["server-error", "throttled"]


@given(seed=st.integers(0, 2**32), probability=st.floats(0, 1))
def test_chance_repeats_exactly(seed, probability):
    """The same seed selects the same calls, whatever other scenarios do."""
    rule = Rule(When(probability=probability), ERROR)

    one, two = (hits(run_of(rule, seed=seed), 30) for _ in range(2))

    assert one == two


def test_chance_is_as_often_as_said():
    """About one call in ten is selected."""
    assert 60 < sum(hits(run_of(Rule(When(probability=0.1), ERROR)), 1000)) < 140


def test_another_seed_meets_other_calls():
    """Another seed selects other calls."""
    rule = Rule(When(probability=0.5), ERROR)

    assert hits(run_of(rule, seed=1), 50) != hits(run_of(rule, seed=2), 50)


def test_a_window_of_the_clock():
    """A window of time includes its begin and excludes its end."""
    run = run_of(Rule(When(since=10, until=20), ERROR))

    seen = [run.fault(CALL, now, CODES) is not None for now in (9, 10, 19, 20)]

    assert seen == [False, True, True, False]


def test_states_follow_each_other():
    """The states up, degraded, down and up follow by their rules; counts begin anew in each state."""
    run = run_of(
        Rule(When(state=START, nth=2), Then(state="down")),
        Rule(When(state="down", first=2), Then(answer=Answer("server-error"))),
        Rule(When(state="down"), Then(state=START)),
    )

    met = []
    for _ in range(10):
        fault = run.fault(CALL, 0, CODES)
        met.append(bool(fault and fault.then.answer))

    assert met == [False, False, True, True, False] * 2


def test_throttling_recovers():
    """The stated number of calls passes in any window; the others get a Retry-After, and later calls pass."""
    watch = Watch()
    run = run_of(Rule(then=Then(throttle=Throttle(2, 1.0))), watch=watch)

    faults = []
    for watch.ms in (0, 100, 200, 999, 1000, 1050, 1100):
        faults.append(run.fault(CALL, 0, CODES))

    assert [fault.then.answer is not None for fault in faults] == [
        False,
        False,
        True,
        True,
        False,
        True,
        False,
    ]
    assert faults[2].retry_after == pytest.approx(0.8)


def test_no_call_at_all_may_pass():
    """A throttle of 0 refuses everything."""
    assert run_of(Rule(then=Then(throttle=Throttle(0, 1)))).fault(CALL, 0, CODES).retry_after == 1.0


def test_a_ramp_of_errors():
    """The error rate grows with the time since the scenario began."""
    watch = Watch()
    run = run_of(Rule(When(), ERROR, Ramp(10)), watch=watch)

    counts = []
    for watch.ms in (0, 5000, 10_000, 60_000):
        counts.append(sum(hits(run, 200)))

    assert counts[0] == 0
    assert 60 < counts[1] < 140
    assert counts[2:] == [200, 200]


def test_a_ramp_of_latency():
    """Latency grows with the time since the scenario began; every call meets it."""
    watch = Watch()
    run = run_of(Rule(When(), Then(latency=Latency(fixed_ms=1000)), Ramp(10, 0.5, 2)), watch=watch)

    delays = []
    for watch.ms in (0, 5000, 10_000):
        delays.append(run.fault(CALL, 0, CODES).delay)

    assert delays == pytest.approx([0.5, 1.25, 2.0])


def test_a_throttle_whose_time_is_taken_back():
    """Calls that passed at a skipped time do not count after the clock was turned back."""
    watch = Watch()
    run = run_of(Rule(then=Then(throttle=Throttle(2, 1.0))), watch=watch)

    met = []
    for watch.ms in (3_600_000, 3_600_100, 3_600_200, 5, 6, 7):
        met.append(run.fault(CALL, 0, CODES).then.answer is not None)

    assert met == [False, False, True] * 2


def test_a_ramp_whose_time_is_taken_back():
    """If the clock goes back, a ramp begins again, and no latency is negative."""
    watch = Watch()
    watch.ms = 3_600_000
    run = run_of(Rule(When(), Then(latency=Latency(fixed_ms=1000)), Ramp(10)), watch=watch)

    delays = []
    for watch.ms in (3_605_000, 5, 5005):
        delays.append(run.fault(CALL, 0, CODES).delay)

    assert delays == pytest.approx([0.5, 0.0, 0.5])


def test_a_time_to_live():
    """A scenario is over when its time has passed, and not before."""
    watch = Watch()
    run = run_of(watch=watch, ttl_seconds=2.0)

    over = []
    for watch.ms in (0, 1999, 2000):
        over.append(run.is_over)

    assert over == [False, False, True]


@given(chance=st.floats(0, 1, exclude_max=True))
def test_uniform_latency_stays_within_its_bounds(chance):
    """Uniform latency lies between low and high."""
    assert 0.1 <= Latency(uniform_ms=(100, 300)).sample(chance) <= 0.3


def test_lognormal_latency_has_its_median_and_its_99th_percentile():
    """Both stated numbers are met exactly."""
    latency = Latency(median_ms=300, p99_ms=1500)

    assert latency.sample(0.5) == pytest.approx(0.3)
    assert latency.sample(0.99) == pytest.approx(1.5)
