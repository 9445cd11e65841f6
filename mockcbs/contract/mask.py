"""Removes secrets and ids from all texts in a report."""

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote

from mockcbs.core import masking


class Mask:
    """Hides the values of members with secret names, and given texts anywhere, also as parts of URLs."""

    def __init__(self, hidden: Iterable[tuple[str, str]]) -> None:
        """*hidden* contains pairs: a text to hide, and the text to show instead.

        Texts shorter than `mockcbs.core.masking.MIN_LENGTH` also occur in ordinary words, so they are hidden
        only as values of members with secret names.
        """
        known = [
            (form, shown)
            for text, shown in hidden
            if len(text) >= masking.MIN_LENGTH
            for form in (text, quote(text, safe=""), text.replace("/", "\\/"))
        ]
        self._hidden = dict(sorted(known, key=lambda pair: -len(pair[0])))
        self._pattern = re.compile("|".join(re.escape(text) for text in self._hidden) or r"(?!)")
        self._masked = lru_cache(maxsize=64)(self._mask)
        """Cached, because one response is evidence for many clauses."""

    def add(self, text: str, shown: str) -> None:
        """Also hide *text* from now on; show *shown* instead."""
        self.__init__([*self._hidden.items(), (text, shown)])  # type: ignore[misc]

    def __call__(self, text: str) -> str:
        """*text* with all secrets and ids hidden."""
        return self._masked(text)

    def _mask(self, text: str) -> str:
        return self._pattern.sub(lambda match: self._hidden[match[0]], masking.text(text))
