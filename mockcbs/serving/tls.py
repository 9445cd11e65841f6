"""A certificate for the occasion."""

import ssl
import tempfile
from pathlib import Path


def make_context(host: str) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS context for *host* and localhost, and the file of the CA that vouches for it."""
    import trustme  # noqa: PLC0415 - brings cryptography, which plain HTTP does not need

    authority = trustme.CA()
    names = dict.fromkeys((host, "localhost", "127.0.0.1", "::1"))
    certificate = authority.issue_cert(*(name for name in names if name not in {"0.0.0.0", "::"}))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    ca_file = Path(tempfile.mkdtemp(prefix="mockcbs-")) / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    return context, ca_file
