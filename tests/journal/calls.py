"""Calls with planted secrets, and journals that hold them."""

from mockcbs.journal.journal import Journal

FACTS = {
    "method": "GET",
    "raw_query": "interval=day&access_token=s3cret",
    "raw_headers": {"HTTP_X_AUTH_TOKEN": "s3cret", "HTTP_AUTHORIZATION": "Bearer s3cret"},
    "raw_body": b'{"auth": {"password": "s3cret"}, "question": "\xe6\xa1\x8c"}',
    "status": 200,
    "raw_response": b'{"access_token": "s3cret"}',
    "response_headers": [("X-Subject-Token", "s3cret"), ("Server", "x")],
    "service": "cbs",
    "operation": "cbs.keywords",
    "project": "p",
    "bot": "b",
    "scope": "p",
    "at": 0,
    "duration_ms": 1.25,
}


def journal(*paths: str, size: int = 10, **facts) -> Journal:
    """A journal with one call of each path."""
    made = Journal(size)
    for path in paths:
        made.add(**{**FACTS, "path": path, **facts})
    return made
