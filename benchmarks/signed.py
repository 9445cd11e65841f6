"""Queries signed with AK and SK as by the vendor's SDK, all different."""

from datetime import UTC, datetime
from itertools import count

from werkzeug.datastructures import Headers
from work import Ask, Work, works

from mockcbs import Settings
from mockcbs.services.gateway.signature import ALGORITHM, SignedRequest, canonical_request, sign

_SIGNED_HEADERS = "x-sdk-date"
_NUMBERS = count(1)


def signed(many: int) -> Work:
    """So many signed queries, each with a range that no earlier request used."""
    new = works()["new"].asks[0]
    return Work(
        "signed", "AK/SK, ever-new query", tuple(_signed(new.at(next(_NUMBERS))) for _ in range(many))
    )


def _signed(target: str) -> Ask:
    keys = Settings()
    date = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    path, _, query = target.partition("?")
    request = SignedRequest("GET", path, query, Headers([("X-Sdk-Date", date)]), b"")
    signature = sign(canonical_request(request, _SIGNED_HEADERS), date, keys.secret_key)
    written = f"{ALGORITHM} Access={keys.access_key}, SignedHeaders={_SIGNED_HEADERS}, Signature={signature}"
    return Ask(target, headers=(("X-Sdk-Date", date), ("Authorization", written)))
