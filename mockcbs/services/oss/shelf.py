"""Buckets and objects for the control API."""

from collections.abc import Iterator
from itertools import chain

from mockcbs.backend.documents import Condition
from mockcbs.services.oss import buckets, objects
from mockcbs.services.shown import ShownBucket, ShownObject
from mockcbs.state import State


class Shelf:
    """The buckets of all scopes (a `mockcbs.services.base.ObjectShelf`)."""

    def __init__(self, mock: State) -> None:
        self._mock = mock

    def scopes(self) -> list[str]:
        """The scopes with buckets."""
        return [one["scope"] for one in self._mock.documents.select(buckets.SCOPES, "")]

    def buckets(self, scope: str) -> list[ShownBucket]:
        """The buckets of *scope*, by name."""
        found = self._mock.documents.select(buckets.KIND, scope, sort=("name",))
        count = self._mock.documents.count
        return [
            ShownBucket(one["name"], one["created"], one["acl"], count(_kind(one["name"]), scope))
            for one in found
            if not one.get("deleted")
        ]

    def objects(self, scope: str, bucket: str, prefix: str, after: str, limit: int) -> list[ShownObject]:
        """Objects after the key *after*, in order of their keys."""
        where: list[Condition] = [("key", ">", after)] if after else []
        found = self._mock.documents.select(_kind(bucket), scope, where=where, sort=("key",))
        wanted = (objects.of_document(one) for one in found if one["key"].startswith(prefix))
        return [_shown(one) for one, _ in zip(wanted, range(limit), strict=False)]

    def content(self, scope: str, bucket: str, key: str) -> tuple[ShownObject, Iterator[bytes]] | None:
        """An object and its content in pieces; `None` if no object has that key."""
        document = self._mock.documents.get(_kind(bucket), scope, key)
        if document is None:
            return None
        one, files = objects.of_document(document), self._mock.backend.files
        pieces = (files.read(scope, *segment) for segment in one.content.segments)
        return _shown(one), chain.from_iterable(pieces)


def _kind(bucket: str) -> str:
    return buckets.objects_kind(bucket)


def _shown(one: objects.Object) -> ShownObject:
    headers = {name: value for name, value in one.headers.items() if name != "Content-Type"}
    kind = one.headers.get("Content-Type", "")
    return ShownObject(one.key, one.content.size, kind, one.etag, one.modified, headers)
