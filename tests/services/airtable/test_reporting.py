"""Rows that mockcbs writes to Airtable."""

import httpx
import pytest

from mockcbs import Settings, create_app
from mockcbs.services.airtable.reporting import ROWS
from mockcbs.services.reporting import ReportError, Row, Session
from tests.conftest import NOW

BASE, TABLE = "appAbCdEfGhIjKlMn", "tblAbCdEfGhIjKlMn"


@pytest.fixture
def session():
    transport = httpx.WSGITransport(create_app(Settings(now=NOW, strict=True)))
    with httpx.Client(transport=transport, base_url="http://localhost") as client:
        yield Session(client)


def test_a_row_becomes_a_record():
    """The row has the id of its record."""
    with httpx.Client(
        transport=httpx.WSGITransport(create_app(Settings(now=NOW))), base_url="http://localhost"
    ) as client:
        record = ROWS.write(Session(client), Row(BASE, TABLE, {"input_len": 7}, "run-1", {"token": "pat1.a"}))

    assert record.startswith("rec")


def test_a_refusal_is_an_error(session):
    """The error begins with the status."""
    with pytest.raises(ReportError, match=r"^401 "):
        ROWS.write(session, Row(BASE, TABLE, {}, "run-1", {"token": "patWrong.mockcbs"}))
