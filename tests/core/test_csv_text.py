"""CSV that every reader takes."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from mockcbs.core.csv_text import csv_text


@given(
    st.lists(st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8")), min_size=2, max_size=3))
)
def test_what_is_written_is_read(rows):
    """Any texts are read as they were written, including lone carriage returns and line feeds."""
    text = csv_text(rows)

    assert list(csv.reader(io.StringIO(text, newline=""))) == rows


def test_a_lone_carriage_return_is_quoted():
    """Readers take it for the end of a record otherwise."""
    assert csv_text([["a\rb", "c"]]) == '"a\rb",c\n'
