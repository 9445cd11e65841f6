"""The parts of a signed request that hold for this request only, apart from the rest."""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

Proof = Mapping[str, str]
"""The values of the headers that prove who sent a request, by lower-case names."""

Headers = tuple[tuple[str, str], ...]

_AUTHORIZATION = "authorization"


class Signature(NamedTuple):
    """How clients of a service sign their requests."""

    scheme: str
    """The first word of ``Authorization``."""
    headers: frozenset[str]
    """The headers that differ in each request, in lower case: ``authorization`` and others."""


def without_proof(whole: bytes, signatures: Iterable[Signature]) -> tuple[tuple[bytes, ...], Proof] | None:
    """The headers of a request without a body, and its proof apart. `None` for a request that is not signed,
    or in an unusual way.

    *whole* begins with the line break before the headers.
    """
    for signature in signatures:
        if signature.scheme.encode() in whole and whole.endswith(b"\r\n\r\n"):
            pieces = _pattern(signature.headers).split(whole)
            names = pieces[1::3]
            found = [(_lowered(name), text.decode()) for name, text in zip(names, pieces[2::3], strict=True)]
            if proof := _proof(found, signature):
                return (*pieces[::3], *names), proof
    return None


def headers_without_proof(sent: Headers, signatures: Iterable[Signature]) -> tuple[Headers, Proof] | None:
    """The same for headers that are parsed."""
    for signature in signatures:
        if any(value.startswith(signature.scheme) for _, value in sent):
            found = [(name.lower(), value) for name, value in sent if name.lower() in signature.headers]
            if proof := _proof(found, signature):
                return tuple(pair for pair in sent if pair[0].lower() not in proof), proof
    return None


@lru_cache(64)
def _lowered(name: bytes) -> str:
    return name.decode().lower()


def _proof(found: list[tuple[str, str]], signature: Signature) -> Proof | None:
    proof = dict(found)
    is_whole = len(found) == len(proof) == len(signature.headers)
    return proof if is_whole and proof[_AUTHORIZATION].startswith(signature.scheme) else None


@cache
def _pattern(names: frozenset[str]) -> re.Pattern[bytes]:
    """Matches a header with one of these *names* and its value, if every HTTP parser accepts it."""
    return re.compile(rf"\r\n((?i:{'|'.join(sorted(names))})):[ ]?([!-~][ -~]*)(?=\r\n)".encode())
