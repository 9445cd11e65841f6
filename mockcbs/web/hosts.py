"""The names in ``Host`` headers."""

import ipaddress
import re

_HOST = re.compile(
    r"(\[[0-9A-Fa-f:.]+\]|(?:[!$&'()*+,;=0-9A-Za-z._~-]|%[0-9A-Fa-f]{2})+)(?::0*([0-9]{0,5}))?"
)
_MAX_PORT = 65_535


def name_in(host: str) -> str | None:
    """The name or address in the header *host*, in lower case; `None` if it is not ``HOST`` or ``HOST:PORT``.

    The characters are those of RFC 3986, whether or not such a name can exist. Addresses of IPv6 are in
    brackets and have no zone, which is valid on one machine only (RFC 6874).
    """
    found = _HOST.fullmatch(host)
    if found is None:
        return None
    name, port = found[1].lower(), found[2]
    if port and int(port) > _MAX_PORT:
        return None
    if not name.startswith("["):
        return name
    try:
        return str(ipaddress.IPv6Address(name[1:-1]))
    except ValueError:
        return None
