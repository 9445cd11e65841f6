"""``/_mockcbs/journal``: the served calls, and what a test expects of them."""

from collections.abc import Iterator
from typing import Any

from flask import Response, current_app

from mockcbs.control import schemas
from mockcbs.control.views import blp
from mockcbs.core.numbers import compact
from mockcbs.core.patterns import Pattern
from mockcbs.journal.expectation import Expectation
from mockcbs.journal.journal import Page
from mockcbs.journal.selection import Selection
from mockcbs.web import context
from mockcbs.web.json import PacedStream, with_entries
from mockcbs.web.problems import Problem
from mockcbs.webhooks import service
from mockcbs.webhooks.service import Webhooks

_MAX_WHOLE = 2**20
"""The size of the calls on a page of the journal from which it is sent entry by entry, in bytes."""


@blp.get("/journal")
@blp.arguments(schemas.JournalQuery, location="query")
@blp.answers(200, "calls.JournalPage")
def read_journal(query: dict[str, Any]) -> Response:
    """The last requests, newest first; `next` is the parameter `before` of the next page."""
    pattern = Pattern(**{name: query[name] for name in ("service", "operation", "status") if name in query})
    selection = Selection(
        pattern, query["scope"], query.get("since"), query.get("until"), scenario=query.get("scenario")
    )
    page = context.mock().journal.page(selection, query["limit"], query.get("before"))
    stream = PacedStream(_page_in_pieces(page, service.of(current_app)), slow=True)
    size = sum(entry.size for entry in page.entries)
    content = stream if size > _MAX_WHOLE else b"".join(stream)
    return Response(content, mimetype="application/json", direct_passthrough=size > _MAX_WHOLE)


def _page_in_pieces(page: Page, webhooks: Webhooks) -> Iterator[bytes]:
    """The JSON of a page, entry by entry: masking and writing all at once would stop other threads."""
    facts = {
        "count": page.count,
        "next": page.entries[-1].id if page.entries and page.more else None,
        "incomplete": list(page.missing),
    }
    shown = ({**entry.as_dict(), "deliveries": webhooks.caused_by(entry)} for entry in page.entries)
    return (piece.encode() for piece in with_entries(facts, "entries", map(compact, shown)))


@blp.delete("/journal")
@blp.arguments(schemas.ScopeQuery, location="query")
@blp.answers(200, "calls.Forgotten")
def clear_journal(query: dict[str, Any]) -> dict[str, Any]:
    """Delete the journal's entries."""
    cleared = context.mock().journal.clear(query["scope"])
    return {"forgotten": cleared.calls, "incomplete": list(cleared.missing)}


@blp.post("/journal/verify")
@blp.arguments(schemas.ScopeQuery, location="query")
@blp.arguments(schemas.ExpectationSchema, location="json")
@blp.answers(200, "calls.Matched")
@blp.refuses(422, "Too few such requests, with the most similar ones and their differences; or too many.")
def verify(query: dict[str, Any], expected: Expectation) -> dict[str, Any]:
    """Whether such requests were received: 200, or 422 with the most similar ones and their differences."""
    matched, shortfall = expected.outcome(context.mock().journal, query["scope"])
    if shortfall:
        raise Problem(422, "Not as expected", shortfall)
    return {"matched": matched}
