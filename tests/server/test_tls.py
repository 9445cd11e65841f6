"""HTTPS by the names that clients have built in."""

import contextlib
import socket
import ssl
import stat
import time

import pytest
import trustme

from mockcbs.core.errors import UserError
from mockcbs.server.tls import make_context
from mockcbs.services import registry
from mockcbs.settings import ServerSettings
from mockcbs.testing.live import LiveServer

FIXED = [host for service in registry.services() for host in service.hosts if "*" not in host]
REGIONAL = [
    host.replace("*", "cn-east-3") for service in registry.services() for host in service.hosts if "*" in host
]


def greet(context, ca_file, name) -> str:
    """The names in the certificate that a client of *name* accepts; raises `ssl.SSLError` if it does not."""
    ours, theirs = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = context.wrap_bio(ours, theirs, server_side=True)
    trusting = ssl.create_default_context(cafile=str(ca_file))
    client = trusting.wrap_bio(theirs, ours, server_hostname=name)
    for _ in range(4):
        for side in (client, server):
            with contextlib.suppress(ssl.SSLWantReadError):
                side.do_handshake()
    return str(client.getpeercert()["subjectAltName"])


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", *FIXED, *REGIONAL])
def test_names_of_the_services(tmp_path, name):
    """A client that uses the real name of a service accepts the mock, in any region."""
    context, ca_file = make_context(ServerSettings(tls=True), tmp_path)

    assert name in greet(context, ca_file, name)


def test_names_of_the_user(tmp_path):
    """--tls-name adds a name; other names are not accepted."""
    context, ca_file = make_context(ServerSettings(tls_name=("mock.example",)), tmp_path)

    assert "mock.example" in greet(context, ca_file, "mock.example")
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        greet(context, ca_file, "other.example")


def test_a_ca_that_stays(tmp_path):
    """With --tls-ca, clients that trust one server trust the next; only its owner can read the key."""
    home = tmp_path / "new" / "ca"
    first, ca_file = make_context(ServerSettings(tls_ca=str(home)), tmp_path)
    trusted = ca_file.read_bytes()
    second, again = make_context(ServerSettings(tls_ca=str(home)), tmp_path)

    assert (again, again.read_bytes()) == (home / "ca.pem", trusted)
    assert greet(first, ca_file, "api.coze.com")
    assert greet(second, ca_file, "api.coze.com")
    assert stat.S_IMODE((home / "ca-key.pem").stat().st_mode) == 0o600


def test_a_certificate_of_the_users_own(tmp_path):
    """--tls-cert and --tls-key are used unchanged, and no CA is made."""
    authority = trustme.CA()
    certificate = authority.issue_cert("mine.example")
    certificate.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "both.pem"))
    certificate.cert_chain_pems[0].write_to_path(str(tmp_path / "cert.pem"))
    certificate.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    authority.cert_pem.write_to_path(str(tmp_path / "their-ca.pem"))

    for files in (
        {"tls_cert": str(tmp_path / "both.pem")},
        {"tls_cert": str(tmp_path / "cert.pem"), "tls_key": str(tmp_path / "key.pem")},
    ):
        context, ca_file = make_context(ServerSettings(**files), tmp_path)
        assert ca_file is None
        assert "mine.example" in greet(context, tmp_path / "their-ca.pem", "mine.example")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"tls_key": "key.pem"}, "--tls-key needs its certificate"),
        ({"tls_cert": "cert.pem", "tls_ca": "x"}, "--tls-ca is for certificates that mockcbs makes"),
        ({"tls_cert": "cert.pem", "tls_name": ("x",)}, "--tls-name is for certificates"),
        ({"tls_cert": "ca.pem"}, "a PEM certificate, and its key in the same file"),
        ({"tls_ca": "."}, "are not a certificate and its key; remove both"),
        ({"tls_name": ("a b",)}, "--tls-name a b"),
    ],
)
def test_what_cannot_be_used(tmp_path, monkeypatch, settings, message):
    """The error names the flag and the accepted values."""
    monkeypatch.chdir(tmp_path)
    for name in ("ca.pem", "ca-key.pem", "cert.pem", "key.pem"):
        (tmp_path / name).write_text("no PEM")

    with pytest.raises(UserError, match=message):
        make_context(ServerSettings(**settings), tmp_path / "other")


def test_a_client_with_a_fixed_host(tmp_path):
    """A request to https://api.coze.com reaches the mock once that name leads to it."""
    from mockcbs.testing.live import LiveServer

    context, ca_file = make_context(ServerSettings(tls=True), tmp_path)
    server = LiveServer()
    server._server.config.ssl = context
    with server, socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), 10) as plain:
        trusting = ssl.create_default_context(cafile=str(ca_file))
        with trusting.wrap_socket(plain, server_hostname="api.coze.com") as connection:
            connection.sendall(b"GET /v1/nowhere HTTP/1.1\r\nHost: api.coze.com\r\nConnection: close\r\n\r\n")
            received = b"".join(iter(lambda: connection.recv(65536), b""))

    assert received.startswith(b"HTTP/1.1 404")
    assert b"X-Tt-Logid" in received  # Coze answers, not mockcbs itself


@pytest.mark.parametrize(
    ("trusts", "said"), [(None, "it speaks plain HTTP"), (False, "it does not trust the CA")]
)
def test_mistakes_are_in_the_log(tmp_path, caplog, trusts, said):
    """The log names the client's error, because no response can reach the client."""
    context, _ = make_context(ServerSettings(tls=True), tmp_path)
    server = LiveServer()
    server._server.config.ssl = context
    with server, socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), 10) as plain:
        with contextlib.suppress(OSError):
            if trusts is None:
                plain.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                plain.recv(1)
            else:
                ssl.create_default_context().wrap_socket(plain, server_hostname="localhost")
        plain.close()
        for _ in range(600):
            if said in caplog.text:
                break
            time.sleep(0.05)

    assert f"no TLS with a client: {said}" in caplog.text
