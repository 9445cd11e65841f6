"""JSON from outside is read in bounded time and memory, or refused in words."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcbs.core.json_input import MAX_BYTES, MAX_DEPTH, MAX_VALUES, JSONInputError, loads
from tests.thoroughness import examples

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(max_examples=examples(40))
@given(VALUES, st.booleans())
def test_reads_what_was_written(value, ascii_only):
    """Any JSON value is read as it was written, escaped or not."""
    written = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")

    assert loads(written) == value


@settings(max_examples=examples(40))
@given(VALUES)
def test_brackets_and_commas_in_texts_do_not_count(value):
    """A text full of brackets and commas is one value, also with escaped quotes and backslashes."""
    text = '[{,"\\' * (MAX_VALUES // 2)

    assert loads(json.dumps([text, value, text]).encode()) == [text, value, text]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'"' + b"a" * MAX_BYTES + b'"', f"has {MAX_BYTES + 2} bytes; at most {MAX_BYTES} are accepted"),
        (b"[" + b"0," * MAX_VALUES + b"0]", f"has more than {MAX_VALUES} values"),
        (b'{"a":' * (MAX_DEPTH + 1) + b"0" + b"}" * (MAX_DEPTH + 1), f"more than {MAX_DEPTH} levels deep"),
        (b"[" * 1_000_000, "more than"),
        (b'["' + b"\\u0041,[" * 100_000, "a string has no closing quote"),
        (b"1e999", "1e999 is larger than any number"),
        (b"-1e999", "-1e999 is larger than any number"),
        (b"9" * 310, "a number of more than 309 digits"),
        (b"[-" + b"9" * 310 + b"]", "a number of more than 309 digits"),
        (b"NaN", "NaN is not a JSON number"),
        (b'"\\ud800"', "\\ud800 is half a character"),
        (b'{"\\udfff": 1}', "\\udfff is half a character"),
        (b"\xff", "byte 0 is not UTF-8"),
        (b'{"a": }', "line 1 column 7: a value is missing"),
        (b"\xef\xbb\xbf{}", "line 1 column 1: unexpected UTF-8 BOM"),
        (b"{}x", "line 1 column 3: something follows after the end"),
        (b"[1 2]", "line 1 column 4: a comma is missing"),
        ("😀".encode() + b" " * (MAX_BYTES - 4), "some beyond U+FFFF; at most"),
    ],
)
def test_refusals_say_what_is_wrong(content, reason):
    """Each refusal names the problem and, if there is one, the limit."""
    with pytest.raises(JSONInputError) as caught:
        loads(content)

    assert reason in str(caught.value)
