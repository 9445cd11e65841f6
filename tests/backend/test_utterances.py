"""Utterances as databases keep them."""

import json

from hypothesis import given
from hypothesis import strategies as st

from mockcbs.backend.utterances import decoded, encoded
from mockcbs.traffic.knowledge import Pair, Utterance

TEXTS = st.text(max_size=8)
PAIRS = st.builds(
    Pair,
    id=TEXTS,
    question=TEXTS,
    answer=TEXTS,
    variants=st.lists(TEXTS, max_size=2).map(tuple),
    labels=st.lists(TEXTS, max_size=2).map(tuple),
)


@given(
    st.builds(
        Utterance,
        template=TEXTS,
        outcome=st.sampled_from(["direct", "chat"]),
        pair=st.none() | PAIRS,
        failed=st.booleans(),
        unfinished=st.booleans(),
        failure=st.none() | TEXTS,
    )
)
def test_an_utterance_comes_back_as_it_was(said):
    """A stored utterance is read with its pair, and the lists of the pair are tuples again."""
    assert decoded(encoded(said)) == said


def test_what_is_empty_takes_no_room():
    """A member without a value is left out."""
    assert json.loads(encoded(Utterance("hi", "chat"))).keys() == {"template", "outcome"}
