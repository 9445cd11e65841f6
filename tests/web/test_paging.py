"""Pages by number."""

from hypothesis import given
from hypothesis import strategies as st

from mockcbs.web.paging import page


@given(st.lists(st.integers(), max_size=50), st.integers(1, 20))
def test_pages_make_up_the_whole(items, size):
    """All pages together are the whole list; each is full except the last, and later ones are empty."""
    pages = [items[page(number, size)] for number in range(1, len(items) + 2)]

    assert [item for one in pages for item in one] == items
    assert all(len(one) == size for one in pages if one and one is not [p for p in pages if p][-1])
    assert pages[-1] == []
