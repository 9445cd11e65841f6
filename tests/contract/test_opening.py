"""How a run begins."""

from datetime import UTC, datetime, timedelta

import pytest
import trustme

from tests.contract.foreign import GOOD, PAGE, coze, refusal, refused, tls_context
from tests.contract.sockets import listening, responding, response


@pytest.mark.parametrize(("status", "code"), [(404, 4200), (200, 4200), (200, 4006), (400, '"4200"')])
@pytest.mark.parametrize("kind", ["bot", "workflow"])
def test_what_coze_does_not_know(status, code, kind, listen):
    """An unknown bot or workflow is an error of the command, not a deviation."""
    workflow = "7389589103588700001"
    url = listen(coze(**{"bots": GOOD, f"{kind}s": refusal(status, code)}))

    line = refused(url, "--coze-workflow-id", workflow, service="coze")

    said = str(code).strip('"')
    assert line == f"URL has no such {kind}: {status} {said} go away"


def test_an_unknown_authority(tmp_path):
    """A certificate is trusted if its authority is; a file without one is the user's mistake."""
    authority = trustme.CA()
    context = tls_context(authority.issue_cert("127.0.0.1"))
    trusted, empty = tmp_path / "ca.pem", tmp_path / "empty.pem"
    authority.cert_pem.write_to_path(str(trusted))
    empty.write_text("nothing")

    def handler(connection):
        with context.wrap_socket(connection, server_side=True) as secure:
            responding(lambda *_: response(502, PAGE, "text/html"))(secure)

    with listening(handler) as plain:
        url = plain.replace("http:", "https:")
        assert refused(url) == "URL has a TLS certificate that is not trusted (--ca-file, or --insecure)"
        assert refused(url, "--ca-file", trusted).startswith(
            "found a page of a proxy that does not reach the service: URL responds 502"
        )
        assert refused(url, "--insecure").startswith(
            "found a page of a proxy that does not reach the service: URL responds 502"
        )
        assert refused(url, "--ca-file", empty) == f"--ca-file {empty}: the file contains no certificate"
        assert refused(url, "--ca-file", tmp_path / "none").endswith("/none: No such file or directory")


@pytest.mark.parametrize(
    ("names", "days", "words"),
    [
        (["127.0.0.1"], -2, "has a TLS certificate that has expired"),
        (["example.com"], 2, "has a TLS certificate for another host"),
    ],
)
def test_a_certificate_that_does_not_fit(names, days, words, tmp_path):
    """A certificate of a trusted authority that has expired, or belongs to another host."""
    authority = trustme.CA()
    end = datetime.now(UTC) + timedelta(days=days)
    context = tls_context(authority.issue_cert(*names, not_after=end))
    trusted = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(trusted))

    def handler(connection):
        context.wrap_socket(connection, server_side=True)

    with listening(handler) as plain:
        assert refused(plain.replace("http:", "https:"), "--ca-file", trusted) == f"URL {words}"
