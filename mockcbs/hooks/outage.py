"""A hook that states when a response may lack recorded data because the database is unavailable."""

import time

from flask import Response

from mockcbs.core.errors import one_line
from mockcbs.web import context
from mockcbs.web.cache import caching


def remark(response: Response) -> Response:
    """State in a header of a success that the database is unavailable, or was so during the request.

    Such a response is not cached.
    """
    mock, took = context.mock(), time.perf_counter() - context.current().started
    if mock.backend.feed is None or not (why := mock.backend.feed.away_within(took)):
        return response
    caching.never()
    if mock.settings.hints and response.status_code < 400:
        text = f"{why}: this answer lacks what clients recorded, if they did"
        known = response.headers.get("X-Mockcbs-Reason")
        response.headers["X-Mockcbs-Reason"] = one_line(f"{text}; {known}" if known else text)
    return response
