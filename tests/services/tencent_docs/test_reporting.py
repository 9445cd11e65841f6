"""Rows that mockcbs writes to Tencent Docs."""

import pytest

from mockcbs import Settings, create_app
from mockcbs.services.reporting import ReportError, Row
from mockcbs.services.tencent_docs.reporting import ROWS
from tests.conftest import NOW
from tests.services.sessions import session_with


@pytest.fixture
def app():
    return create_app(Settings(now=NOW))


@pytest.fixture
def session(app):
    with session_with(app) as session:
        yield session


def row(**credentials: str) -> Row:
    return Row("DAbCdEfGhIj", "BB08J2", {"workflow_id": "7", "input_len": 7}, "run-1", credentials)


def test_rows_share_a_token_of_the_application(app, session):
    """The token is requested once; each row is a record."""
    ours = ROWS.own_credentials(Settings())

    first, second = ROWS.write(session, row(**ours)), ROWS.write(session, row(**ours))

    calls = [entry["operation"] for entry in app.test_client().get("/_mockcbs/journal").json["entries"]]
    assert first != second
    assert calls.count("tencent_docs.get_app_token") == 1


def test_a_refusal_is_an_error():
    """A strict mock refuses an unknown client; the error begins with the status."""
    with session_with(strict=True) as session, pytest.raises(ReportError, match=r"^4\d\d "):
        ROWS.write(session, row(client_id="x", client_secret="y"))
