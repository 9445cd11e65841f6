"""Words in both languages."""

import re
from pathlib import Path

from mockcbs.console import views
from mockcbs.console.words import LANGUAGES, WORDS


def test_languages_have_the_same_words():
    """Every page has all its words in both languages."""
    assert len({frozenset(WORDS[language]) for language in LANGUAGES}) == 1


def test_words_in_both_languages():
    """The English and Chinese texts are exactly those that the scripts use."""
    static = Path(views.__file__).parent / "static"
    english, chinese = (_words(static / f"words-{language}.js") for language in LANGUAGES)
    scripts = "".join(file.read_text("utf-8") for file in static.glob("*.js") if "words" not in file.name)
    asked = set(re.findall(r'\bt\("(\w+)"', scripts))
    begins = tuple(re.findall(r"\bt\(`(\w+_)\$", scripts))

    names = {*english}
    assert asked <= names == {*chinese}
    for name, text in english.items():
        assert set(re.findall(r"\{\w+\}", chinese[name])) - {"{days}"} <= set(re.findall(r"\{\w+\}", text)), (
            name
        )
    unused = {name for name in names - asked if not name.startswith(begins) and f'"{name}"' not in scripts}
    assert not unused


def _words(file: Path) -> dict[str, str]:
    """The texts of a script by their names."""
    return dict(re.findall(r'^  (\w+): "(.*)",$', file.read_text("utf-8"), re.MULTILINE))
