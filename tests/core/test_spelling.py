"""What was probably meant."""

import pytest

from mockcbs.core.spelling import MAX_LISTED, accepted, likely, meant, not_one_of, not_taken

KNOWN = ["outage", "flaky-once", "token-expired"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("outag", "outage"),
        ("flaky", "flaky-once"),
        ("flaky_once", "flaky-once"),
        ("OUTAGE", "outage"),
        ("token-expire", "token-expired"),
        ("x", None),
        ("", None),
        ("outage" + "x" * 100_000, None),
    ],
)
def test_the_likeliest_name(name, found):
    """Letters may be missing, swapped or in another case; a name that is like no other has no guess."""
    assert likely(name, KNOWN) == found


def test_sentences():
    """An error names the accepted names, and the nearest one if there is one."""
    assert meant("outag", KNOWN) == "; did you mean 'outage'?"
    assert meant("x", KNOWN) == ""
    assert (
        not_one_of("outag", KNOWN[:2]) == "'outag' is not one of outage, flaky-once; did you mean 'outage'?"
    )


def test_a_very_long_name_is_cut():
    """The error shows its beginning; it is compared like any other."""
    said = not_one_of("outage" * 100_000, KNOWN[:2])

    assert said.startswith("'outageoutage")
    assert said.endswith("… is not one of outage, flaky-once")
    assert len(said) < 150


def test_names_of_upper_case_are_shown_as_they_are():
    """The suggested name has its own case, whatever the case of the misspelt one."""
    assert likely("cbs.0031", ["CBS.0031"]) == "CBS.0031"


def test_what_is_not_taken():
    """The message names the first unknown name and all known ones."""
    assert not_taken("serve", ["outage"], KNOWN[:2]) is None
    assert (
        not_taken("serve", ["outage", "x", "y"], KNOWN[:2])
        == "serve does not take 'x'; accepted are outage, flaky-once"
    )


def test_of_many_names_the_similar_ones_are_shown():
    """An error that would list dozens of names shows the few nearest ones, and says what lists all."""
    many = ["outage", "outages", *(f"name-{number:02}" for number in range(MAX_LISTED))]

    near = accepted("outag", many, "`mockcbs scenarios`")
    none = accepted("x", many, "`mockcbs scenarios`")

    assert near == ("the 18 that `mockcbs scenarios` lists, such as outage, outages; did you mean 'outage'?")
    assert none == "the 18 that `mockcbs scenarios` lists"
    assert accepted("outag", many[:MAX_LISTED], "`mockcbs scenarios`").startswith(
        "outage, outages, name-00, "
    )
