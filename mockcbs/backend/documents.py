"""What changes while a mock runs, other than recorded turns: documents by kind, scope and key."""

import logging
from contextlib import AbstractContextManager
from typing import Any, Protocol

log = logging.getLogger("mockcbs")

Document = dict[str, Any]
"""Plain JSON: it may be kept in memory or in a database."""

MOST_DOCUMENTS = 50_000
"""Documents kept of one kind; beyond that the oldest tenth is dropped, with a warning."""


class Store(Protocol):
    """Documents, wherever they are kept. A scope (a project, an account) never sees another's."""

    def transaction(self) -> AbstractContextManager[None]:
        """Nobody else reads or writes meanwhile, so that what was read still holds when it is written."""

    def get(self, kind: str, scope: str, key: str) -> Document | None:
        """The document, or `None`. It is not to be changed."""

    def put(self, kind: str, scope: str, key: str, document: Document) -> None:
        """Keep *document* under *key*, in place of what was there."""

    def delete(self, kind: str, scope: str, key: str) -> bool:
        """Forget a document; whether there was one."""

    def documents(self, kind: str, scope: str) -> list[Document]:
        """All documents of a kind, oldest first."""

    def clear(self, scope: str | None = None) -> None:
        """Forget everything, in one scope or in all."""

    def drop(self, kind: str) -> None:
        """Forget everything of a kind."""


def excess(most: int) -> int:
    """How many documents go when there are more than *most*."""
    return -(-most // 10)


def warn_of_dropped(kind: str, most: int) -> None:
    """Tell which documents are lost."""
    log.warning("more than %d documents of kind %s, oldest %d dropped", most, kind, excess(most))
