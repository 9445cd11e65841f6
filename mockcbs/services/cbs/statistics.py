"""The statistics operations, computed from the traffic log (contract section 8)."""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from mockcbs.core.clock import FOREVER
from mockcbs.core.errors import ApiError
from mockcbs.core.numbers import rounded
from mockcbs.core.waiting import leave_loop
from mockcbs.services.cbs.errors import REQUEST_PARAMETER_ERROR
from mockcbs.services.cbs.schemas import Zone
from mockcbs.traffic import periods
from mockcbs.traffic.index.rollup import SessionSums
from mockcbs.traffic.knowledge import KnowledgeBase, Pair, Utterance
from mockcbs.traffic.log import BotLog
from mockcbs.traffic.turns import OUTCOMES, Ints, Outcome

_COUNTS = [f"{outcome}_count" for outcome in OUTCOMES]
_RATES = [
    (f"{outcome}_rate", OUTCOMES.index(outcome))
    for outcome in ("direct", "recommend", "notmatch", "dialog", "chat", "invalid")
]
"""The rates in the vendor's order, each with the index of its outcome."""

_DAYS_BEFORE = 7
"""The number of local days before now in the default range ``week`` (D-1)."""

_MANY = 10_000
"""The number of different questions that take about 20 ms to count."""

Query = dict[str, Any]
Operation = Callable[[BotLog, "Range", Query], dict[str, Any]]
Extent = tuple[int, int] | None


class Range(NamedTuple):
    """A range of time that a client requested."""

    start: int
    end: int
    """Start and end are inclusive, ms UTC (contract S-15)."""
    now: int

    @property
    def high(self) -> int:
        """The exclusive end of the turns that count: the end of the range, or now."""
        return min(self.end, self.now) + 1


class Cuts(NamedTuple):
    """A range divided into periods; the whole range comes last."""

    labels: list[str]
    low: Ints
    high: Ints


def resolve(query: Query, now: int, default_start: str) -> Range:
    """The range in *query*; raises `ApiError` if it ends before it starts (contract 5.1)."""
    end = now if query["end_time"] is None else query["end_time"]
    start = query["start_time"]
    if start is None and default_start == "week":
        start = max(0, periods.local_midnight(end, _offset(query.get("time_zone")), _DAYS_BEFORE))
    start = start or 0
    if start > end:
        given = "now, the default" if query["end_time"] is None else "end_time"
        raise ApiError(REQUEST_PARAMETER_ERROR, f"start_time {start} lies after {given} ({end})")
    return Range(start, end, now)


def next_start(query: Query, now: int, default_start: str) -> int:
    """When the default start of a range changes next (ms UTC)."""
    if query["start_time"] is not None or default_start != "week":
        return FOREVER
    return periods.local_midnight(now, _offset(query.get("time_zone")), -1)


def session_stats(bot: BotLog, span: Range, query: Query) -> dict[str, Any]:
    """Sessions, users, mean rounds and mean duration of a bot (contract 5.1, 8.1)."""
    zone: Zone | None = query["time_zone"]
    cuts = session_cuts(bot, span, query)
    *intervals, total = _session_figures(bot.view.sessions(cuts.low, cuts.high, span.now))
    return {
        "interval": query["interval"],
        "total": total,
        "intervals": _non_empty(cuts.labels, intervals, "session_count"),
        "startutc": span.start,
        "endutc": span.end,
        "time_zone": zone.text if zone else "utc",
    }


def reply_rates(bot: BotLog, span: Range, query: Query) -> dict[str, Any]:
    """Questions by outcome (contract 5.2, 8.2)."""
    zone: Zone | None = query["time_zone"]
    cuts = question_cuts(bot, span, query)
    outcomes = bot.repertoire.outcomes(query["domain"])
    counts = bot.view.classes(cuts.low, cuts.high, outcomes, len(OUTCOMES))
    *intervals, total = [_reply_figures(row) for row in counts.tolist()]
    return {
        "interval": query["interval"],
        "startutc": span.start,
        "endutc": span.end,
        "time_zone": zone.text if zone else "UTC",
        "total": total,
        "intervals": _non_empty(cuts.labels, intervals, "question_count"),
    }


def hot_questions(bot: BotLog, span: Range, query: Query) -> dict[str, Any]:
    """The most frequent standard questions (contract 5.3); ties are sorted by ``qa_pair_id``."""
    hits: defaultdict[tuple[str, str], int] = defaultdict(int)
    pairs: dict[str, Pair] = {}
    said = bot.repertoire
    for number, count in _said(bot, span, "direct"):
        if pair := pair_hit(bot.log.dataset.domains, said[number], query):
            hits[pair.pair_id, said[number].domain or ""] += count
            pairs[pair.pair_id] = pair
    ranked = sorted(hits, key=lambda hit: (-hits[hit], hit[0]))
    return {
        "questions": [
            {
                "qa_pair_id": pair_id,
                "st_question": shown(pairs[pair_id], now=query["exclude_deleted"]),
                "domain": domain,
            }
            for pair_id, domain in ranked[: query["top"]]
        ]
    }


def keywords(bot: BotLog, span: Range, query: Query) -> dict[str, Any]:
    """The most frequent keywords (contract 5.4); ties are sorted by first appearance."""
    words = bot.keywords()
    frequency: defaultdict[str, int] = defaultdict(int)
    for number, count in _said(bot, span):
        for word in words[number]:
            frequency[word] += count
    top: list[str] = []
    # heapq releases other threads meanwhile, `sorted` does not: there may be half a million words
    if most := heapq.nlargest(query["top"], frequency.values()):
        contenders = {word for word, count in frequency.items() if count >= most[-1]}
        place = _first_appearances(bot, span, contenders)
        top = heapq.nsmallest(query["top"], contenders, lambda word: (-frequency[word], place[word]))
    return {"keywords": [{"keyword": word, "freq": frequency[word]} for word in top]}


def session_cuts(bot: BotLog, span: Range, query: Query) -> Cuts:
    """The periods for counting sessions, which count at their start."""
    extent = bot.view.session_extent(span.start, span.high)
    return _cut(span, query["interval"], query["time_zone"], extent)


def question_cuts(bot: BotLog, span: Range, query: Query) -> Cuts:
    """The periods for counting questions."""
    extent = bot.view.turn_extent(span.start, span.high)
    return _cut(span, query["interval"], query["time_zone"], extent)


def _cut(span: Range, interval: periods.Interval, zone: Zone | None, extent: Extent) -> Cuts:
    """Divide the part of the range that has data into periods, clipped to the range."""
    low, high = np.zeros(0, np.int64), np.zeros(0, np.int64)
    days = low
    if extent:
        offset = _offset(zone)
        days = periods.buckets(interval, offset, *extent)
        edges = days * periods.DAY - offset
        low, high = np.maximum(edges[:-1], span.start), np.minimum(edges[1:], span.high)
    start, stop = min(span.start, span.high), span.high
    return Cuts(periods.labels(days[:-1]), np.concatenate((low, [start])), np.concatenate((high, [stop])))


def _offset(zone: Zone | None) -> int:
    return zone.offset if zone else 0


def _session_figures(sums: SessionSums) -> list[dict[str, Any]]:
    columns = (column.tolist() for column in (sums.count, sums.users, sums.rounds, sums.duration))
    return [
        {
            "session_count": count,
            "user_count": users,
            "avg_request_count": rounded(rounds, count, 3),
            "avg_session_time": rounded(1000 * seconds, count, 3),
        }
        for count, users, rounds, seconds in zip(*columns, strict=True)
    ]


def _reply_figures(counts: list[int]) -> dict[str, Any]:
    questions = sum(counts)
    rates = {name: rounded(counts[outcome], questions, 3) for name, outcome in _RATES}
    return {"question_count": questions, **dict(zip(_COUNTS, counts, strict=True)), **rates}


def _non_empty(labels: list[str], figures: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    """The periods that are not empty (contract S-9)."""
    return [{"start": label, **row} for label, row in zip(labels, figures, strict=True) if row[key]]


def _said(bot: BotLog, span: Range, outcome: Outcome | None = None) -> Iterator[tuple[int, int]]:
    """The number and the count of each utterance in the range, for one outcome or for all."""
    (counts,) = bot.view.utterances(np.array([min(span.start, span.high)]), np.array([span.high]))
    if outcome:
        counts = counts * (bot.repertoire.endings.outcome[: len(counts)] == OUTCOMES.index(outcome))
    numbers = np.flatnonzero(counts)
    if len(numbers) > _MANY:
        leave_loop()
    yield from zip(numbers.tolist(), counts[numbers].tolist(), strict=True)


def pair_hit(knowledge: KnowledgeBase, utterance: Utterance, query: Query) -> Pair | None:
    """The pair that an answered utterance is a hit for; `None` if hot questions leave it out."""
    pair = utterance.pair
    if pair is None or (query["exclude_deleted"] and pair.deleted):
        return None
    return pair if _is_requested(knowledge, utterance, query) else None


def _is_requested(knowledge: KnowledgeBase, utterance: Utterance, query: Query) -> bool:
    """Whether the utterance is of the requested category, by name and by id (contract D-9)."""
    if query["domain"] and utterance.domain != query["domain"]:
        return False
    return not query["domain_id"] or knowledge.domain_id(utterance.domain or "") in query["domain_id"]


def shown(pair: Pair, *, now: bool) -> str:
    """The current standard question of the pair, or else the one in the log."""
    return pair.question if now or pair.formerly is None else pair.formerly


def _first_appearances(bot: BotLog, span: Range, words: set[str]) -> dict[str, tuple[int, int]]:
    """The first use of each word: the row of the question, and the place in that row."""
    keywords_of = bot.keywords()
    places: dict[str, tuple[int, int]] = {}
    known: set[int] = set()
    said = bot.view.said(span.start, span.high)
    # in pieces, as nothing else runs while a list is made
    pieces = (said[start : start + _MANY].tolist() for start in range(0, len(said), _MANY))
    for row, number in enumerate(chain.from_iterable(pieces)):
        if number not in known:
            known.add(number)
            for place, word in enumerate(keywords_of[number]):
                if word in words:
                    places.setdefault(word, (row, place))
            if len(places) == len(words):
                break
    return places
