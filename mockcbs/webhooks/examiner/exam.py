"""The exam: the deliveries in order, and the meaning of each response and figure."""

import json
import secrets
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from mockcbs.core.clock import real_now
from mockcbs.core.errors import UserError
from mockcbs.services.coze.analytics import OFFSET
from mockcbs.settings import WebhookProfile
from mockcbs.traffic.periods import DAY, HOUR
from mockcbs.webhooks.examiner.figures import Source
from mockcbs.webhooks.examiner.requirements import Findings
from mockcbs.webhooks.examiner.sender import JSON, Exchange, Sender
from mockcbs.webhooks.examiner.stored import StoredFigures
from mockcbs.webhooks.examiner.traffic import Body, ExamTraffic, Run, compact
from mockcbs.webhooks.signatures import signer

_OLD_MS = 20 * 60_000
_BURST = 60
_LARGE = 1_000_000


@dataclass
class Exam:
    """Examines one receiver. `run` yields the name of each part before it starts."""

    sender: Sender
    profile: WebhookProfile
    secret: str
    figures: Source | None = None
    """The figures that the receiver has stored; without them, requirements about figures are not examined."""
    knows_days: bool = False
    restart: str | None = None
    """A command that restarts the receiver."""
    findings: Findings = field(init=False)
    traffic: ExamTraffic = field(default_factory=lambda: ExamTraffic(real_now()))
    _success: int = 200
    """The status with which the receiver accepts deliveries."""
    _accepted: set[str] = field(default_factory=set)
    """The ids of accepted events. Refusing one of them again breaks `deduplicates`."""
    stored: StoredFigures = field(init=False)

    def __post_init__(self) -> None:
        self.findings = Findings([self.secret])
        self.stored = StoredFigures(self.figures, self.traffic, self.findings)

    def run(self) -> Iterator[str]:
        """Examine all parts. Raises `UserError` if the receiver cannot be examined."""
        self.sender.connect()
        self.stored.refuse_used_database()
        parts: tuple[tuple[str, Callable[[], None]], ...] = (
            ("right deliveries", self._right),
            ("challenge", self._challenge),
            ("duplicates", self._duplicates),
            ("a delivery that is cut off", self._cut_off),
            ("another order", self._reordered),
            ("late events", self._late),
            ("a lost event", self._lost),
            ("names beyond ASCII", self._unicode),
            ("a body written differently", self._raw_body),
            ("deliveries to refuse", self._refusals),
            ("unknown types and content types", self._oddities),
            ("a large body", self._large),
            ("a burst", self._burst),
            ("a rotated secret", self._rotated),
            ("days", self._days),
            ("a restart", self._restarted),
        )
        for name, part in parts:
            yield name
            part()
            if self.findings.is_broken("right-signature"):
                self.findings.skip("right deliveries are refused", *self.findings.rows)
                return

    # ---- parts ----

    def _challenge(self) -> None:
        if self.profile != "coze":
            self.findings.skip("only profile coze sends a challenge", "challenge")
            return
        value = secrets.token_hex(16)
        header = {
            "event_type": "url_verification",
            "event_id": secrets.token_hex(8),
            "created_at": real_now(),
        }
        exchange = self.sender.send("challenge", compact({"header": header, "event": {"challenge": value}}))
        try:
            echoed = json.loads(exchange.answer).get("challenge")
        except (ValueError, AttributeError):
            echoed = None
        if exchange.status == 200 and echoed == value:
            self.findings.keep("challenge")
        else:
            reason = f'expected 200 with {{"challenge": "{value}"}}'
            self.findings.breaks("challenge", reason, exchange.text)

    def _right(self) -> None:
        traffic, sent = self.traffic, []
        for number in range(3):
            runs = [
                Run(traffic.user(f"a{number}"), 812 + 3111 * number, failed=number == 2),
                Run(traffic.user(f"a{number}")),
            ]
            sent += traffic.session(runs, ago_ms=50_000 - 9_000 * number)
        first, *rest = sent
        exchange = self.sender.send(first["event_id"], compact(first))
        if exchange.status in {401, 403}:
            self.findings.breaks("right-signature", "a right delivery was refused", exchange.text)
            return
        self._judge(exchange, "accepts")
        if exchange.status and 200 < exchange.status < 300:
            self._success = exchange.status
        self.findings.keep("right-signature")
        self._deliver_all(rest)
        self.stored.compare_first()

    def _duplicates(self) -> None:
        events = self._session("b")
        self._deliver_all([event for event in events for _ in range(2)])
        self.stored.compare("deduplicates")

    def _cut_off(self) -> None:
        events = self._session("c")
        for event in events:
            self.sender.send_and_hang_up(event["event_id"], compact(event))
        blame = "deduplicates" if self.findings.is_broken("deduplicates") else "accepts"
        for event in events * 2:
            self._deliver(event, blame=blame)
        self.stored.compare("redelivery", unless="deduplicates")

    def _reordered(self) -> None:
        self._deliver_all(list(reversed(self._session("d", runs=3))))
        self.stored.compare("any-order")

    def _late(self) -> None:
        events = self._session("e", ago_ms=_OLD_MS)
        for event in events:
            self._deliver(event, blame="late-events")
        self.stored.compare("late-events")

    def _lost(self) -> None:
        events = self._session("f")
        self._deliver_all([event for event in events if event["event_type"] != "session.started"])
        self.stored.compare("lost-event", unless="any-order")

    def _unicode(self) -> None:
        for name in ("用户甲", "用户乙", "👤"):
            self._deliver_all(self._session(name))
        self.stored.compare("unicode")

    def _raw_body(self) -> None:
        for event in self._session("g"):
            odd = json.dumps(dict(reversed(event.items())), indent=2, ensure_ascii=True).encode() + b"\n"
            exchange = self.sender.send(event["event_id"], odd)
            if not self._is_accepted(exchange):
                self.findings.breaks(
                    "raw-body", "a right delivery with blanks in its JSON was refused", exchange.text
                )
                self._deliver(event, blame="raw-body")
        self.findings.keep("raw-body")
        self.stored.compare("raw-body")

    def _refusals(self) -> None:
        known = compact(self.traffic.foreign("h1"))
        now, wrong = real_now(), signer(self.profile, [secrets.token_hex(8)])
        right = self.sender.signed("h1", known)
        old = self.sender.signed("h1", known, now - _OLD_MS)
        changed = json.dumps(json.loads(known), indent=1).encode()
        bare = {"Content-Type": JSON}
        self._must_refuse("refuses-unsigned", known, bare, {400, 401, 403})
        forged = {**bare, **wrong.headers("h1", known, now)}
        self._must_refuse("refuses-wrong-signature", known, forged, {401, 403})
        if not self.findings.is_skipped("refuses-changed-body", "refuses-wrong-signature", "raw-body"):
            self._must_refuse("refuses-changed-body", changed, right, {400, 401, 403})
        self._must_refuse("refuses-replay", known, old, {400, 401, 403, 409})
        if not self.findings.is_skipped("verifies-first", "refuses-unsigned", "refuses-wrong-signature"):
            self._must_refuse("verifies-first", b"{not json", bare, {401, 403})
        for rubbish in (b"[]", b'{"event_id":"h2"}', b"{not json"):
            self._must_refuse("refuses-rubbish", rubbish, self.sender.signed("h2", rubbish), {400, 422})
        self.stored.excuse()  # a wrongly accepted event

    def _oddities(self) -> None:
        unknown = {**self.traffic.foreign("i1"), "event_type": "bot.renamed"}
        self._deliver(unknown, blame="unknown-type")
        self.stored.compare("unknown-type")
        body = compact(unknown)
        for kind in (
            "text/plain",
            "application/json",
            "application/json;charset=GBK",
            "application/x-www-form-urlencoded",
        ):
            exchange = self.sender.send("i1", body, {**self.sender.signed("i1", body), "Content-Type": kind})
            if exchange.status is None or exchange.status >= 500:
                self.findings.breaks("content-type", f"it failed on {kind}", exchange.text)
        self.findings.keep("content-type")

    def _large(self) -> None:
        first, *rest = self._session("j")
        exchange = self._deliver({**first, "note": "x" * _LARGE}, blame="large-body")
        self._deliver_all([first, *rest])
        if self._is_accepted(exchange):
            self.findings.keep("large-body")
            self.stored.compare("large-body")

    def _burst(self) -> None:
        events = [event for number in range(_BURST // 8) for event in self._session(f"k{number}")]
        twice = [(event["event_id"], compact(event)) for event in events for _ in range(2)]
        for start in range(0, len(twice), _BURST):
            chunk = twice[start : start + _BURST]
            for (event_id, _), exchange in zip(chunk, self.sender.send_at_once(chunk), strict=True):
                if self._is_accepted(exchange):
                    self._accepted.add(event_id)
                elif not self.findings.is_broken("deduplicates"):
                    hint = "" if exchange.status else f"; is its listen backlog smaller than {_BURST}?"
                    reason = f"a delivery of a burst was not answered 200{hint}"
                    self.findings.breaks("burst", reason, exchange.text)
        self._deliver_all(events)
        self.stored.compare(
            "burst", unless="redelivery" if self.findings.is_broken("redelivery") else "deduplicates"
        )

    def _rotated(self) -> None:
        if self.profile == "coze":
            self.findings.skip("profile coze signs with one token at a time", "rotated-secret")
            return
        both = signer(self.profile, [f"whsec_{secrets.token_hex(16)}", self.secret])
        for event in self._session("l"):
            body = compact(event)
            headers = {"Content-Type": JSON, **both.headers(event["event_id"], body, real_now())}
            exchange = self.sender.send(event["event_id"], body, headers)
            if not self._is_accepted(exchange):
                self.findings.breaks(
                    "rotated-secret", "a delivery with two signatures was refused", exchange.text
                )
                self._deliver(event)
        self.findings.keep("rotated-secret")

    def _days(self) -> None:
        if not (self.stored.are_known and self.knows_days):
            self.findings.skip("--check takes no {start_date} and {end_date}", "days")
            return
        if self.findings.is_skipped("days", "stores", "late-events"):
            return
        today = self.traffic.today
        for day, hour in ((today - 3, 1), (today - 2, 23)):
            begun = day * DAY - OFFSET + hour * HOUR
            ago = self.traffic.now - begun
            self._deliver_all(self.traffic.session([Run(self.traffic.user(f"m{hour}"))], ago_ms=ago))
        self.stored.compare_days((today - 3, today - 2))

    def _restarted(self) -> None:
        if self.restart is None:
            self.findings.skip("no --restart command was given", "restart")
            return
        done = subprocess.run(self.restart, shell=True, check=False, timeout=60, stdin=subprocess.DEVNULL)  # noqa: S602 - the user's own command
        if done.returncode:
            raise UserError(f"--restart {self.restart!r} ended with status {done.returncode}")
        deadline = time.monotonic() + 30
        ping = compact({**self.traffic.foreign("n0"), "event_type": "bot.renamed"})
        while self.sender.send("n0", ping).status is None:
            if time.monotonic() > deadline:
                self.findings.breaks("restart", "it did not answer within 30 s of its restart")
                return
            time.sleep(0.2)
        self.stored.compare("restart", unless="unknown-type")

    # ---- deliveries ----

    def _session(self, user: str, *, runs: int = 2, ago_ms: int = 60_000) -> list[Body]:
        return self.traffic.session(
            [Run(self.traffic.user(user), 500 + 77 * n) for n in range(runs)], ago_ms=ago_ms
        )

    def _deliver(self, event: Body, *, blame: str = "accepts") -> Exchange:
        if event["event_id"] in self._accepted:
            blame = "deduplicates"
        exchange = self._judge(self.sender.send(event["event_id"], compact(event)), blame)
        if self._is_accepted(exchange):
            self._accepted.add(event["event_id"])
        return exchange

    def _judge(self, exchange: Exchange, blame: str) -> Exchange:
        """Report a correct delivery that was not answered with 200 as a break of requirement *blame*."""
        if not self._is_accepted(exchange):
            found = exchange.status or exchange.answer
            self.findings.breaks(blame, f"expected 200 within 3 s, found {found}", exchange.text)
        return exchange

    def _is_accepted(self, exchange: Exchange) -> bool:
        """Whether the status is 200, or that of the first delivery: a wrong 2xx breaks only `accepts`."""
        return exchange.status in {200, self._success}

    def _deliver_all(self, events: Sequence[Body]) -> None:
        for event in events:
            self._deliver(event)
        self.findings.keep("accepts")

    def _must_refuse(self, name: str, body: bytes, headers: dict[str, str], accepted: set[int]) -> None:
        exchange = self.sender.send("h", body, headers)
        if exchange.status in accepted:
            self.findings.keep(name)
        else:
            expected = " or ".join(map(str, sorted(accepted)))
            self.findings.breaks(
                name, f"expected {expected}, found {exchange.status or exchange.answer}", exchange.text
            )
