"""A certificate for the occasion."""

import ssl
from pathlib import Path


def make_context(host: str, folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS context for *host* and localhost, and a file in *folder* that holds its CA."""
    import trustme  # noqa: PLC0415 - brings cryptography, which plain HTTP does not need

    authority = trustme.CA()
    certificate = authority.issue_cert(*dict.fromkeys((host, "localhost", "127.0.0.1", "::1")))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    ca_file = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    return context, ca_file
