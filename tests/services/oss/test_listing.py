"""Pages of keys."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mockcbs import Settings, create_app
from mockcbs.services.oss import account
from mockcbs.services.oss.listing import Query, page
from tests.thoroughness import examples

KEYS = st.text("ab/中\U0010ffff", min_size=1, max_size=5)


def entries(keys, prefix, delimiter):
    """What should be listed, in order: keys and common prefixes."""
    found = set()
    for key in keys:
        if key.startswith(prefix):
            end = key.find(delimiter, len(prefix)) if delimiter else -1
            found.add((key[: end + len(delimiter)], True) if end >= 0 else (key, False))
    return sorted(found, key=lambda entry: entry[0].encode())


@settings(max_examples=examples(60), deadline=None)
@given(
    st.sets(KEYS, max_size=12), st.text("ab/", max_size=2), st.sampled_from(["", "/", "b"]), st.integers(1, 4)
)
def test_pages_put_together_are_the_whole_list(keys, prefix, delimiter, limit):
    """All pages together have each key or common prefix once, in the order of bytes."""
    app = create_app(Settings())
    shown, marker = [], ""
    with app.test_request_context("/"):
        for key in keys:
            app.extensions["mockcbs"].documents.put("k", account.scope(), key, {"key": key})
        while marker is not None:
            made = page("k", Query(prefix, delimiter, marker, limit))
            shown += sorted(
                [(one["key"], False) for one in made.documents] + [(one, True) for one in made.prefixes],
                key=lambda entry: entry[0].encode(),
            )
            assert len(made.documents) + len(made.prefixes) <= limit
            marker = made.next_marker

    assert shown == entries(keys, prefix, delimiter)
