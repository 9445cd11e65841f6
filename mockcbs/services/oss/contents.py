"""Contents of objects, made of segments of files: copies, joins and appends move no bytes.

Several objects may share a file; it is deleted with the last of them.
"""

import base64
import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any

from flask import Request

from mockcbs.core.errors import ApiError
from mockcbs.services.oss import account
from mockcbs.services.oss.crc64 import Crc64, combine
from mockcbs.services.oss.errors import argument, error
from mockcbs.web import bodies, context

_KIND = "oss.file"

_MAX_OPEN = 64
"""The maximum number of open files of one content."""

Segment = tuple[str, int, int]
"""The name of a file, and the start and end of a segment in it."""


@dataclass(frozen=True, slots=True)
class Content:
    """Stored bytes with their digests."""

    size: int
    md5: str
    """The MD5 as 32 hexadecimal digits in capitals; `joined` makes another digest."""
    crc64: int
    segments: tuple[Segment, ...]

    @property
    def note(self) -> str:
        """The summary for the journal."""
        return f"{self.size} bytes, MD5 {self.md5}, CRC-64 {self.crc64}"

    def as_document(self) -> dict[str, Any]:
        """As plain JSON."""
        segments = [list(segment) for segment in self.segments]
        return {"size": self.size, "md5": self.md5, "crc64": str(self.crc64), "segments": segments}


def of_document(held: dict[str, Any]) -> Content:
    """The content that a document describes."""
    segments = tuple((name, start, stop) for name, start, stop in held["segments"])
    return Content(held["size"], held["md5"], int(held["crc64"]), segments)


def received(request: Request) -> Content:
    """Store the body of *request*; raises an error of OSS if its Content-MD5 is wrong."""
    content = written(bodies.pieces(request))
    context.current().content_note = content.note
    try:
        _check_digests(request, content)
    except ApiError:
        release(content)
        raise
    return content


def written(pieces: Iterable[bytes]) -> Content:
    """Store the bytes of *pieces*; the result counts as used."""
    name, files = uuid.uuid4().hex, context.mock().backend.files
    digest, crc, size = hashlib.md5(usedforsecurity=False), Crc64(), 0
    with files.create(account.scope(), name) as file:
        for piece in pieces:
            file.write(piece)
            digest.update(piece)
            crc.update(piece)
            size += len(piece)
    content = Content(size, digest.hexdigest().upper(), crc.value, ((name, 0, size),) if size else ())
    if size:
        retain(content)
    else:
        files.delete(account.scope(), name)
    return content


def joined(contents: Sequence[Content]) -> Content:
    """The concatenation of *contents*. Like in OSS, its digest is made of their digests and their number."""
    size = crc = 0
    for content in contents:
        crc = combine(crc, content.crc64, content.size)
        size += content.size
    digests = b"".join(bytes.fromhex(content.md5) for content in contents)
    made = hashlib.md5(digests, usedforsecurity=False).hexdigest().upper()
    segments = tuple(segment for content in contents for segment in content.segments)
    return Content(size, f"{made}-{len(contents)}", crc, segments)


def appended(first: Content, second: Content) -> Content:
    """The concatenation of *first* and *second*."""
    digest = hashlib.md5(f"{first.md5}{second.md5}".encode(), usedforsecurity=False).hexdigest().upper()
    crc = combine(first.crc64, second.crc64, second.size)
    return Content(first.size + second.size, digest, crc, (*first.segments, *second.segments))


def pieces(content: Content, start: int, stop: int) -> Iterator[bytes]:
    """The bytes from *start* to before *stop*; they stay readable after the request and after a deletion.

    Raises `FileNotFoundError` if the content is deleted already.
    """
    files, scope = context.mock().backend.files, account.scope()
    place, parts = 0, []
    for name, begin, end in content.segments:
        low, high = max(start - place, 0), min(stop - place, end - begin)
        if low < high:
            parts.append((name, begin + low, begin + high))
        place += end - begin
    opened = [files.read(scope, *part) for part in parts[:_MAX_OPEN]]
    return chain(*opened, chain.from_iterable(files.read(scope, *part) for part in parts[_MAX_OPEN:]))


@contextmanager
def kept_if_accepted(content: Content) -> Iterator[None]:
    """A transaction that stores where *content* is used; if it raises an error, the content is released.

    Conditions that were checked before the upload are checked in it again, because other clients may have
    changed the data.
    """
    with context.mock().documents.transaction():
        try:
            yield
        except ApiError:
            release(content)
            raise


def retain(content: Content) -> None:
    """Count another use of the files of *content*."""
    documents, scope = context.mock().documents, account.scope()
    with documents.transaction():
        for name, _, _ in content.segments:
            held = documents.get(_KIND, scope, name) or {"uses": 0}
            documents.put(_KIND, scope, name, {"uses": held["uses"] + 1})


def release(content: Content) -> None:
    """Count one use less, and delete files without uses."""
    documents, files, scope = context.mock().documents, context.mock().backend.files, account.scope()
    with documents.transaction():
        for name, _, _ in content.segments:
            held = documents.get(_KIND, scope, name) or {"uses": 0}
            if held["uses"] > 1:
                documents.put(_KIND, scope, name, {"uses": held["uses"] - 1})
            else:
                documents.delete(_KIND, scope, name)
                files.delete(scope, name)


def _check_digests(request: Request, content: Content) -> None:
    sent = request.headers.get("Content-MD5", "")
    if sent and sent != base64.b64encode(bytes.fromhex(content.md5)).decode():
        raise error(
            "InvalidDigest", f"Content-MD5 is {sent!r}; the body has another", **{"Content-MD5": sent}
        )
    crc = request.headers.get("x-oss-hash-crc64ecma", "")
    if crc and crc != str(content.crc64):
        raise argument("x-oss-hash-crc64ecma", crc, f"that of the body, {content.crc64}")
