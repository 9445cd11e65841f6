"""The messages of the YAML parser."""

from mockcbs.core.yaml_words import plain


def test_messages_of_the_parser():
    """A known message is said in plain words; another one stays."""
    assert plain("something else") == "something else"
    assert plain("found undefined alias") != "found undefined alias"
