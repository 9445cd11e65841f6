"""Ids that depend on names only."""

from mockcbs.core.made_ids import made_id


def test_ids_depend_on_their_names_only():
    """The same names make the same id in every process and release; other names make another one."""
    ids = [made_id("rec", 14, *names) for names in (("a", 1), ("a", 2), ("b", 1))]

    assert ids[0] == "recxeuRpWhy4MlP28"
    assert len(set(ids)) == 3


def test_an_id_has_its_prefix_and_length():
    """After the prefix come letters and digits of ASCII, as many as were asked for."""
    for length in (0, 1, 14, 80):
        made = made_id("tbl", length, "name")

        assert made.startswith("tbl")
        assert len(made) == 3 + length
        assert made.isascii()
        assert made.isalnum()
