"""What code needs to know of a request."""

from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st

from mockcbs.samples.request import Request


def test_what_every_client_adds_is_left_out():
    """Code shows the headers that matter, spelt as people write them."""
    sent = Request(
        "GET", "http://h/", {"user-agent": "x", "accept": "*/*", "x-auth-token": "t", "Prefer": "y"}
    )

    assert sent.plain().headers == {"X-Auth-Token": "t", "Prefer": "y"}


def test_headers_replace_others_whatever_their_case():
    """A header replaces one with the same name in any case, because servers refuse a second Authorization."""
    sent = Request("GET", "http://h/", {"authorization": "old"})

    assert sent.with_headers(Authorization="new").headers == {"Authorization": "new"}


@given(
    st.lists(
        st.tuples(st.text(st.characters(codec="utf-8"), min_size=1), st.text(st.characters(codec="utf-8")))
    )
)
def test_parameters_are_added_to_those_there_are(pairs):
    """A parameter is added to a query after an ampersand."""
    sent = Request("GET", "http://h/p?a=1")
    for pair in pairs:
        sent = sent.with_query(urlencode([pair]))

    assert sent.parameters == [("a", "1"), *pairs]
