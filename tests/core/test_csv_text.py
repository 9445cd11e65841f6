"""CSV that every reader takes."""

import csv
import io
from types import SimpleNamespace

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


@given(
    st.lists(
        st.lists(st.text(st.sampled_from('ab,"\r\n ;')) | st.integers() | st.none(), max_size=4), max_size=4
    )
)
def test_it_is_what_csv_writes(rows):
    """Rows of texts without quotes are joined, and are the same as those of the `csv` module."""
    written = []
    csv.writer(SimpleNamespace(write=written.append), lineterminator="\r\n").writerows(rows)

    assert csv_text(rows) == "".join(f"{record[:-2]}\n" for record in written)
