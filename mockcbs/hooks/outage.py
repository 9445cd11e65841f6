"""A hook that states when a response may lack recorded data because the database is unavailable."""

from flask import Response

from mockcbs.core.errors import one_line
from mockcbs.web import caching, context


def remark(response: Response) -> Response:
    """State in a header of a success that the database is unavailable. Such a response is not cached."""
    mock = context.mock()
    if mock.backend.feed is None or not (why := mock.backend.feed.away):
        return response
    caching.never()
    if mock.settings.hints and response.status_code < 400:
        text = f"{why}: this answer lacks what clients recorded, if they did"
        response.headers.setdefault("X-Mockcbs-Reason", one_line(text))
    return response
