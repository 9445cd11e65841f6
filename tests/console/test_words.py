"""Words in both languages."""

import re
from pathlib import Path

from mockcbs.console import views
from mockcbs.console.words import LANGUAGES, WORDS


def test_languages_have_the_same_words():
    """No page lacks a word in one of the languages."""
    assert len({frozenset(WORDS[language]) for language in LANGUAGES}) == 1


def test_words_in_both_languages():
    """Every text that a script asks for is there in English and in Chinese, and no other."""
    static = Path(views.__file__).parent / "static"
    known = re.findall(
        r'^  (\w+): \["(.*)", "(.*)"\],$', (static / "words.js").read_text("utf-8"), re.MULTILINE
    )
    scripts = "".join(file.read_text("utf-8") for file in static.glob("*.js") if file.name != "words.js")
    asked = set(re.findall(r'\bt\("(\w+)"', scripts))
    begins = tuple(re.findall(r"\bt\(`(\w+_)\$", scripts))

    names = {name for name, *_ in known}
    assert asked <= names
    assert all(
        re.findall(r"\{\w+\}", english).sort() == re.findall(r"\{\w+\}", chinese).sort()
        for _, english, chinese in known
    )
    unused = {name for name in names - asked if not name.startswith(begins) and f'"{name}"' not in scripts}
    assert not unused
