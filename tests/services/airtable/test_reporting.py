"""Rows that mockcbs writes to Airtable."""

import pytest

from mockcbs.services.airtable.reporting import ROWS
from mockcbs.services.reporting import ReportError, Row
from tests.services.sessions import session_with

BASE, TABLE = "appAbCdEfGhIjKlMn", "tblAbCdEfGhIjKlMn"


def test_a_row_becomes_a_record():
    """The row has the id of its record."""
    with session_with() as session:
        record = ROWS.write(session, Row(BASE, TABLE, {"input_len": 7}, "run-1", {"token": "pat1.a"}))

    assert record.startswith("rec")


def test_a_refusal_is_an_error():
    """The error begins with the status."""
    with session_with(strict=True) as session, pytest.raises(ReportError, match=r"^401 "):
        ROWS.write(session, Row(BASE, TABLE, {}, "run-1", {"token": "patWrong.mockcbs"}))
