"""The bots that clients have asked about. Unless the mock is strict, any id has traffic."""

from mockcbs.backend.documents import Documents
from mockcbs.core.changes import Changes
from mockcbs.core.errors import BackendError

MAX_BOTS = 1000
"""Bots that are remembered for one scope; later ones work as well, but no list contains them."""

_KIND = "bot"
_MAX_KNOWN = 10_000


class SeenBots:
    """The bots that clients have asked about in each scope."""

    def __init__(self, documents: Documents, changes: Changes, reset: tuple[str, ...]) -> None:
        """*reset* is the key of *changes* that is counted up when everything is forgotten."""
        self._documents, self._changes, self._reset = documents, changes, reset
        self._known: set[tuple[str, str]] = set()
        self._token = changes.watch(reset)

    def note(self, scope: str, bot_id: str) -> None:
        """Remember that a bot was asked about in *scope*."""
        if self._changes.changed(self._token) or len(self._known) > _MAX_KNOWN:
            self._token = self._changes.watch(self._reset)
            self._known.clear()
        if (scope, bot_id) in self._known:
            return
        self._known.add((scope, bot_id))
        try:
            known = self._documents.get(_KIND, scope, bot_id)
            if not known and self._documents.count(_KIND, scope) < MAX_BOTS:
                self._documents.put(_KIND, scope, bot_id, {"id": bot_id})
        except BackendError:  # a statistic can be read although nothing more can be written
            self._known.discard((scope, bot_id))

    def of(self, scope: str) -> list[str]:
        """The bots of *scope*, in the order in which they were first asked about."""
        return [document["id"] for document in self._documents.select(_KIND, scope)]
