"""Errors that clients receive, and errors for the user of the mock."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from mockcbs.core.errors import ApiError, ErrorSpec, one_line


@dataclass(frozen=True, slots=True)
class Row(ErrorSpec):
    """A row of a catalogue with an envelope."""

    def body(self, message, request_id):
        """The envelope."""
        return {"message": message, "id": request_id}


def test_an_error_takes_the_message_of_its_row():
    """A message replaces the row's; the reason is for the user of the mock, not for the client."""
    row = Row(400, "X.1", "bad")

    assert ApiError(row, "why").body("r") == {"message": "bad", "id": "r"}
    assert ApiError(row, "why", message="worse").body("r") == {"message": "worse", "id": "r"}
    assert str(ApiError(row, "why")) == "X.1: why"


@given(st.text(st.characters(), max_size=2_000))
def test_a_reason_fits_a_header(text):
    """A reason is printable ASCII of about 500 characters at most, whatever a client sends."""
    line = one_line(text)

    assert line.isascii()
    assert line.isprintable()
    assert len(line) <= 503
