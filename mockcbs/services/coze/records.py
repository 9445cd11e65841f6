"""Frozen records of what clients create, stored as documents of the caller's account."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from functools import cached_property
from typing import Any, Generic, TypeVar, get_origin, get_type_hints

from mockcbs.backend.documents import Scalar
from mockcbs.services.coze import accounts
from mockcbs.web import context

T = TypeVar("T")


class Records(Generic[T]):
    """The records of one kind, by key."""

    def __init__(self, kind: str, record: type[T]) -> None:
        """*kind* names the documents. *record* is a frozen dataclass of plain JSON and tuples."""
        self._kind, self._record = kind, record

    def get(self, key: str) -> T | None:
        """The record with that *key*, or `None`."""
        document = context.mock().documents.get(self._kind, accounts.scope(), key)
        return None if document is None else self._restored(document)

    def member(self, key: str, name: str) -> Any:
        """That member of the record with that *key*, without making the record; `None` if there is none."""
        document = context.mock().documents.get(self._kind, accounts.scope(), key)
        return None if document is None else document[name]

    def put(self, key: str, record: T) -> T:
        """Store *record* under *key*; it replaces an earlier one.

        The document shares the values of the record, which nobody changes; `asdict` would copy them all.
        """
        document = dict(vars(record))
        for name in self._tuples:
            document[name] = list(document[name])
        context.mock().documents.put(self._kind, accounts.scope(), key, document)
        return record

    def delete(self, key: str) -> bool:
        """Delete a record; returns whether it existed."""
        return context.mock().documents.delete(self._kind, accounts.scope(), key)

    def select(self, *, sort: Sequence[str] = (), page: slice = slice(None), **members: Scalar) -> list[T]:
        """The records with these *members*, oldest first by default; *page* selects a part."""
        first = page.start or 0
        found = context.mock().documents.select(
            self._kind,
            accounts.scope(),
            where=[(name, "=", value) for name, value in members.items()],
            sort=sort,
            offset=first,
            limit=None if page.stop is None else page.stop - first,
        )
        return [self._restored(document) for document in found]

    def each(self) -> Iterator[T]:
        """All records, oldest first. Each is made when it is reached."""
        return map(self._restored, context.mock().documents.select(self._kind, accounts.scope()))

    def values(self, member: str) -> list[Any]:
        """That member of all records, oldest first."""
        return [
            document[member] for document in context.mock().documents.select(self._kind, accounts.scope())
        ]

    @cached_property
    def _tuples(self) -> tuple[str, ...]:
        hints = get_type_hints(self._record)
        return tuple(field.name for field in fields(self._record) if get_origin(hints[field.name]) is tuple)  # type: ignore[arg-type]

    def _restored(self, document: dict[str, Any]) -> T:
        make: Callable[..., T] = self._record
        if self._tuples:
            document = {**document, **{name: tuple(document[name]) for name in self._tuples}}
        return make(**document)
