"""What a client may print, and what is made of it."""

from decimal import Decimal

import pytest

from mockcbs.examining.output import NoRowsError, Output, parse

ROWS = ({"date": "2026-11-02", "total_calls": 3}, {"date": "2026-11-03", "total_calls": 0})


@pytest.mark.parametrize(
    "text",
    [
        '[{"date": "2026-11-02", "total_calls": 3}, {"date": "2026-11-03", "total_calls": 0}]',
        '{"date": "2026-11-02", "total_calls": 3}\n{"date": "2026-11-03", "total_calls": 0}\n',
        '{"metrics": [{"date": "2026-11-02", "total_calls": 3}, {"date": "2026-11-03", "total_calls": 0}]}',
        (
            '{"code": 0, "data": {"metrics": [{"date": "2026-11-02", "total_calls": 3},'
            ' {"date": "2026-11-03", "total_calls": 0}]}}'
        ),
        '{"date": {"0": "2026-11-02", "1": "2026-11-03"}, "total_calls": {"0": 3, "1": 0}}',
        "date,total_calls\n2026-11-02,3\n2026-11-03,0\n",
        "\ufeffdate;total_calls\r\n2026-11-02;3\r\n\r\n2026-11-03;0\r\n",
        'date\ttotal_calls\n"2026-11-02"\t"3"\n2026-11-03\t0',
    ],
)
def test_forms(text):
    """Lists, lines, responses as they came, columns as pandas writes them, and CSV are the same rows."""
    assert parse(text).rows == ROWS


def test_a_response_of_cbs():
    """The row about the whole range is distinguished from the rows about periods."""
    output = parse(
        '{"total": {"session_count": 5}, "intervals": [{"start": "2026-11-02", "session_count": 5}]}'
    )

    assert output.total == {"session_count": 5}
    assert list(output.keyed) == [(("start", "2026-11-02"),)]


@pytest.mark.parametrize("name", ["total", "合计", "", None])
def test_a_total_row_among_days(name):
    """A row without a date is the row about the whole range."""
    output = Output(({"date": "2026-11-02", "total_calls": 3}, {"date": name, "total_calls": 4}))

    assert output.total == {"date": name, "total_calls": 4}
    assert output.count("total_calls") == 4


def test_digits_are_kept():
    """A count with a decimal point is not a whole number, and a long id is not a number."""
    output = parse("date,total_calls,session_id\n2026-11-02,3.0,7600000000000000001\n")

    assert output.rows[0]["total_calls"] == Decimal("3.0")
    assert isinstance(output.rows[0]["total_calls"], Decimal)
    assert output.rows[0]["session_id"] == "7600000000000000001"


def test_nothing():
    """A client that printed nothing has no rows."""
    assert parse(" \n").rows == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Traceback: no", "neither JSON nor CSV"),
        ('{"error": "429"}', r"no column is named like a member of the API \(columns: error\)"),
        ('{"code": 4013, "msg": "slow down"}', "columns: code, msg"),
        ("12", "neither a row nor a list of rows"),
        ("[1, 2]", r"a list with \[1, 2\]"),
    ],
)
def test_no_rows(text, reason):
    """Output without figures is a report of a failure, and not a row."""
    with pytest.raises(NoRowsError, match=reason):
        parse(text)
