"""The gaps of questions, such as ``{name}``, and made-up words that fill them."""

import re
from collections.abc import Callable
from functools import cache, lru_cache

CHINESE = re.compile("[\u3400-\u9fff]")
"""Matches a Chinese character."""
COMPANY_ENDS = "有限公司"
"""The last word of all Chinese companies."""
UNIQUE = frozenset({"order", "phone", "link"})
"""The kinds of gaps whose words differ from question to question."""

_PLACEHOLDER = re.compile(r"\{(name|company|city|job|order|phone|link)\}")
_PLACES = {"zh_CN": "city_name", "en_US": "state"}
"""Faker's formatters of places that exist; its cities are made up."""
_VARIATIONS = 5


def with_gaps_filled(template: str, word: Callable[[str], str]) -> str:
    """*template* with *word* of the kind of each gap in its place."""
    return _PLACEHOLDER.sub(lambda hole: word(hole[1]), template)


def filled(template: str, number: int) -> str:
    """*template* with made-up words in its gaps; each *number* has its own."""
    chinese = bool(CHINESE.search(template))
    holes = _PLACEHOLDER.findall(template)  # other wordings of the same question get the same
    return with_gaps_filled(template, lambda kind: made_up(kind, f"{holes}/{number}", chinese=chinese))


def without_names(template: str) -> str:
    """*template* with blanks in its gaps; of a Chinese company, the last words stay, which all have."""
    if CHINESE.search(template):
        template = template.replace("{company}", f" {COMPANY_ENDS}")
    return _PLACEHOLDER.sub(" ", template)


def variations_of(template: str) -> range:
    """The variations in which generated traffic fills the gaps of *template*; 0 for one without gaps."""
    return range(1, _VARIATIONS + 1) if _PLACEHOLDER.search(template) else range(1)


@lru_cache(maxsize=8192)
def made_up(kind: str, seed: str, *, chinese: bool) -> str:
    """A made-up word of a kind of gaps, such as a name; the same *seed* always gives the same word.

    Phone numbers have 0000 in the middle, and links lead to example.com, so that none is anybody's.
    """
    locale = "zh_CN" if chinese else "en_US"
    words = _faker(locale)
    words.seed_instance(seed)
    if kind == "order":
        return str(words.numerify("%###########"))
    if kind == "phone":
        return str(words.numerify("1%#0000####" if chinese else "(555) 01##"))
    if kind == "link":
        return str(words.bothify("https://example.com/??/%####", letters="abcdefhkmnpstuwxyz"))
    return str(words.format(_PLACES[locale] if kind == "city" else kind))


@cache
def _faker(locale: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - naming the type would import Faker at start
    from faker import Faker  # noqa: PLC0415 - 100 ms that only keywords and exports need

    return Faker(locale)
