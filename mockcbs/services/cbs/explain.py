"""The turns and formulas behind the figures of the statistics operations (contract section 8)."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from marshmallow import Schema

from mockcbs.core.clock import shown as instant
from mockcbs.services.cbs import schemas, statistics, views
from mockcbs.services.cbs.statistics import Cuts, Query, Range
from mockcbs.services.explaining import (
    Explained,
    Explainer,
    Explanation,
    Mask,
    Narrowing,
    Rows,
    begins,
    elsewhere,
    happened,
    quotient,
    value_at,
)
from mockcbs.services.gateway.authentication import Caller
from mockcbs.traffic.log import BotLog
from mockcbs.traffic.turns import ANONYMOUS, OUTCOMES, Ints, distinct
from mockcbs.web import context

_SESSIONS = "count(distinct session_id, recorded)"
_ROUNDED = "rounded half up to 3 decimals"
_PERIOD = re.compile(r"(?:total|intervals\[([0-9]+)\])\.([a-z_]+)")


@dataclass(frozen=True)
class _Asked:
    """A statistics request, its response, and the log behind it."""

    log: BotLog
    bot_id: str
    scope: str
    span: Range
    query: Query
    body: dict[str, Any]

    def value(self, figure: str) -> Any:
        return value_at(self.body, figure)

    def in_period(self, found: Narrowing, at: Ints, cuts: Cuts, figure: str, what: str) -> None:
        """Leave out what is not *at* instants in the range and in the period of *figure*."""
        first, last = instant(self.span.start), instant(self.span.high)
        found.keep(at >= self.span.start, "before", f"{what} before the range, which begins at {first}")
        found.keep(at < self.span.high, "after", f"{what} after the range, which ends before {last}")
        place = _PERIOD.fullmatch(figure)
        if place and place[1]:
            label = self.body["intervals"][int(place[1])]["start"]
            row = cuts.labels.index(label)
            inside = (at >= cuts.low[row]) & (at < cuts.high[row])
            found.keep(inside, "period", f"{what} in another {self.query['interval']} than {label}")

    def explanation(self, found: Narrowing, formula: str, calculation: str) -> Explanation:
        found.left_out += elsewhere(self.log, self.bot_id, self.scope, self.span.start)
        return found.explanation(formula, calculation)


def _session_figure(asked: _Asked, figure: str) -> Explanation:
    turns, value = asked.log.view.turns, asked.value(figure)
    found = happened(asked.log)
    cuts = statistics.session_cuts(asked.log, asked.span, asked.query)
    asked.in_period(found, begins(turns), cuts, figure, "belong to sessions that begin")
    name = figure.rpartition(".")[2]
    count = len(distinct(turns.session[found.rows])) if name.startswith("avg") else 0
    match name:
        case "session_count":
            found.keep_first(turns.session, "are later turns of sessions that count already")
            return asked.explanation(found, _SESSIONS, f"{value}")
        case "user_count":
            found.keep(turns.user != ANONYMOUS, "anonymous", "have no user_id")
            found.keep_first(turns.user, "are later turns of users who count already")
            return asked.explanation(found, "count(distinct user_id)", f"{value}")
        case "avg_request_count":
            formula = f"count(turns) / {_SESSIONS}, {_ROUNDED}; 0.000 if there are no sessions"
            return asked.explanation(found, formula, quotient(len(found.rows), count, value))
    seconds = _keep_ends(found, asked.log)
    formula = (
        "1000 * sum over sessions (floor(last at_ms / 1000) - floor(first at_ms / 1000)) / "
        f"{_SESSIONS}, {_ROUNDED}; 0.000 if there are no sessions"
    )
    return asked.explanation(found, formula, quotient(1000 * seconds, count, value))


def _keep_ends(found: Narrowing, log: BotLog) -> int:
    """Keep the first turn of each session, and the last turn if it counts.

    Returns the durations of all sessions in seconds.
    """
    turns, rows = log.view.turns, found.rows
    session, at = turns.session[rows], turns.at[rows]
    _, first = np.unique(session, return_index=True)
    _, back = np.unique(session[::-1], return_index=True)
    last = len(rows) - 1 - back
    seconds = at[last] // 1000 - at[first] // 1000
    ends = np.zeros(len(found.kept), bool)
    ends[rows[first]] = True
    ends[rows[last[seconds > 0]]] = True
    found.keep(ends, "repeated", "lie between the first and the last turn of their session, or in its second")
    return int(seconds.sum())


def _reply_figure(asked: _Asked, figure: str) -> Explanation:
    log, value = asked.log, asked.value(figure)
    found = happened(log)
    cuts = statistics.question_cuts(log, asked.span, asked.query)
    asked.in_period(found, log.view.turns.at, cuts, figure, "lie")
    if (domain := asked.query["domain"]) is not None:
        found.keep(
            _by_utterance(log, log.repertoire.outcomes(domain) < len(OUTCOMES)),
            *("filter", f"are not of question category {domain}"),
        )
    name, _, kind = figure.rpartition(".")[2].rpartition("_")
    if name == "question":
        return asked.explanation(found, "count(turns)", f"{value}")
    of_outcome = _by_utterance(log, log.repertoire.endings.outcome == OUTCOMES.index(name))
    if kind == "count":
        found.keep(of_outcome, "outcome", f"have another outcome than {name}")
        return asked.explanation(found, f"count(turns with outcome {name})", f"{value}")
    formula = f"count(turns with outcome {name}) / count(turns), {_ROUNDED}; 0.000 if there are no turns"
    hits = int(np.count_nonzero(found.kept & of_outcome))
    return asked.explanation(found, formula, quotient(hits, len(found.rows), value))


def _hot_question(asked: _Asked, figure: str) -> Explanation:
    log, said, found = asked.log, asked.log.repertoire, _in_range(asked)
    direct = said.endings.outcome == OUTCOMES.index("direct")
    found.keep(_by_utterance(log, direct), "outcome", "have another outcome than direct")
    hits = {
        number: (pair.pair_id, said[number].domain or "")
        for number in _utterances(log, found)
        if (pair := statistics.pair_hit(log.log.dataset.domains, said[number], asked.query))
    }
    found.keep(
        _are_among(log, hits), "filter", "hit a question of another category, or a deleted one (exclude)"
    )
    place, shown = int(figure[len("questions[") : -1]) + 1, asked.value(figure)
    formula = (
        "of all (qa_pair_id, domain), ordered by count(turns) from high to low, then by qa_pair_id: "
        f"number {place}, as qa_pair_id, st_question, domain"
    )
    own = [number for number, hit in hits.items() if hit == (shown["qa_pair_id"], shown["domain"])]
    count = int(np.count_nonzero(found.kept & _are_among(log, own)))
    return asked.explanation(found, formula, f"{shown['st_question']}: {count} of {len(found.rows)} turns")


def _keyword(asked: _Asked, figure: str) -> Explanation:
    log, found = asked.log, _in_range(asked)
    words, place = log.keywords(), int(re.sub("[^0-9]", "", figure)) + 1
    if figure.endswith("freq"):
        word = asked.value(figure.replace("freq", "keyword"))
        own = [number for number in _utterances(log, found) if word in words[number]]
        found.keep(_are_among(log, own), "filter", f"do not hold the keyword {word}")
        return asked.explanation(
            found, f"sum over turns (how often keywords holds {word!r})", f"{asked.value(figure)}"
        )
    own = [number for number in _utterances(log, found) if words[number]]
    found.keep(_are_among(log, own), "filter", "hold no keyword")
    formula = (
        "of all words in keywords, ordered by how often they appear from high to low, then by first "
        f"appearance (turns in their order, then places in keywords): number {place}, as keyword, freq"
    )
    shown = asked.value(figure)
    return asked.explanation(found, formula, f"{shown['keyword']}: {shown['freq']} times")


def _in_range(asked: _Asked) -> Narrowing:
    found, at = happened(asked.log), asked.log.view.turns.at
    first, last = instant(asked.span.start), instant(asked.span.high)
    found.keep(at >= asked.span.start, "before", f"lie before the range, which begins at {first}")
    found.keep(at < asked.span.high, "after", f"lie after the range, which ends before {last}")
    return found


def _by_utterance(log: BotLog, wanted: Mask) -> Mask:
    """For each turn whether its utterance is wanted; *wanted* has a value for each utterance."""
    found: Mask = wanted[log.view.turns.utterance]
    return found


def _utterances(log: BotLog, found: Narrowing) -> list[int]:
    """The numbers of the utterances of the turns that are *found*: mostly few of all."""
    numbers: list[int] = distinct(log.view.turns.utterance[found.rows]).tolist()
    return numbers


def _are_among(log: BotLog, numbers: Iterable[int]) -> Mask:
    """For each turn whether the number of its utterance is among *numbers*."""
    wanted = np.zeros(len(log.repertoire), bool)
    wanted[list(numbers)] = True
    return _by_utterance(log, wanted)


def _more(asked: _Asked, rows: Rows) -> Iterator[Mapping[str, Any]]:
    """The category, the pair and the keywords of each question."""
    words = asked.log.keywords()
    for number in asked.log.view.turns.utterance[rows].tolist():
        said = asked.log.repertoire[number]
        pair = said.pair
        yield {
            "domain": said.domain or "",
            "qa_pair_id": pair.pair_id if pair else "",
            "st_question": statistics.shown(pair, now=asked.query.get("exclude_deleted", False))
            if pair
            else "",
            "keywords": words[number],
        }


def _period_figures(body: Mapping[str, Any]) -> list[str]:
    """The figures of the whole range and of each period."""
    names = list(body["total"])
    rows = ["total", *(f"intervals[{place}]" for place in range(len(body["intervals"])))]
    return [f"{row}.{name}" for row in rows for name in names]


def _listed_questions(body: Mapping[str, Any]) -> list[str]:
    return [f"questions[{place}]" for place in range(len(body["questions"]))]


def _listed_keywords(body: Mapping[str, Any]) -> list[str]:
    rows = [f"keywords[{place}]" for place in range(len(body["keywords"]))]
    return [figure for row in rows for figure in (row, f"{row}.freq")]


def _explained(
    schema: type[Schema],
    operation: statistics.Operation,
    figures: Callable[[Mapping[str, Any]], list[str]],
    explain: Callable[[_Asked, str], Explanation],
) -> Explained:
    mock, this = context.mock(), context.current()
    this.caller = Caller()
    views.check_project_and_bot()
    project_id, bot_id = this.project or "", this.bot_id or ""
    query = views.blp.ARGUMENTS_PARSER.parse(schema, location="query")
    now = context.now()
    views.note_surprises(mock, query, now)
    span = statistics.resolve(query, now, mock.default_start)
    log = mock.log.bot(bot_id, now, project_id)
    asked = _Asked(log, bot_id, project_id, span, query, operation(log, span, query))
    return Explained(asked.body, figures(asked.body), log, partial(explain, asked), partial(_more, asked))


EXPLAINERS: Mapping[str, Explainer] = {
    "cbs.session_stats": partial(
        _explained,
        schemas.SessionStatsQuery,
        statistics.session_stats,
        _period_figures,
        _session_figure,
    ),
    "cbs.reply_rates": partial(
        _explained, schemas.ReplyRatesQuery, statistics.reply_rates, _period_figures, _reply_figure
    ),
    "cbs.hot_questions": partial(
        _explained,
        schemas.HotQuestionsQuery,
        statistics.hot_questions,
        _listed_questions,
        _hot_question,
    ),
    "cbs.keywords": partial(
        _explained, schemas.KeywordsQuery, statistics.keywords, _listed_keywords, _keyword
    ),
}
"""The explainers, by operation."""
