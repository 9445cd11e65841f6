"""Takes secrets and ids out of everything that a report shows."""

import re
from collections.abc import Iterable
from functools import lru_cache

from mockcbs.core import masking


class Mask:
    """Hides what stands under the name of a secret, and given texts wherever they stand."""

    def __init__(self, hidden: Iterable[tuple[str, str]]) -> None:
        """*hidden* holds pairs of what to hide and what to show in its place.

        Shorter texts than `mockcbs.core.masking.MIN_LENGTH` occur in innocent words, and hide nothing; where
        they stand under the name of a secret they are hidden all the same.
        """
        known = [(text, shown) for text, shown in hidden if len(text) >= masking.MIN_LENGTH]
        self._hidden = dict(sorted(known, key=lambda pair: -len(pair[0])))
        self._pattern = re.compile("|".join(re.escape(text) for text in self._hidden) or r"(?!)")
        self._masked = lru_cache(maxsize=64)(self._mask)
        """One response is evidence for many clauses."""

    def add(self, text: str, shown: str) -> None:
        """Hide another text."""
        self.__init__([*self._hidden.items(), (text, shown)])  # type: ignore[misc]

    def __call__(self, text: str) -> str:
        """*text* with nothing in it that should be hidden."""
        return self._masked(text)

    def _mask(self, text: str) -> str:
        return self._pattern.sub(lambda match: self._hidden[match[0]], masking.text(text))
