"""What requests sends while a mock is active."""

import pytest
import requests
import responses
from requests.adapters import HTTPAdapter

from mockcbs import Mock
from tests.testing.calls import TOKEN, URL, get


def test_requests_reach_the_real_host(mock):
    """A call to the vendor's own URL is answered, with the vendor's headers."""
    answer = get(params={"interval": "week"})

    assert (answer.status_code, answer.headers["Server"]) == (200, "api-gateway")
    assert answer.json()["interval"] == "week"
    assert answer.json()["endutc"] == mock.clock.now


def test_unknown_hosts_are_refused(mock):
    """No call leaves the process by mistake; the error states how to allow it."""
    with pytest.raises(requests.ConnectionError) as caught:
        requests.get("https://me:hush@example.com:8443/hush?token=hush", timeout=1)
    with pytest.raises(requests.ConnectionError, match=r"api\.coze\.cn"):
        requests.post("https://cbs-ext.cn-north-4.myhuaweicloud.com.example.com/", timeout=1)

    told = str(caught.value)
    assert type(caught.value) is requests.ConnectionError
    assert caught.value.request.url.startswith("https://me:hush@example.com:8443/")
    assert told.startswith("example.com:8443 was not called: this mock handles cbs-ext.*.myhuaweicloud.com, ")
    assert ", www.coze.cn, www.coze.com, " in told
    assert ", and refuses other calls. " in told
    assert told.endswith("@pytest.mark.mockcbs(passthrough=['https://example.com:8443/'])")
    assert "hush" not in told
    assert mock.journal == []


def test_passthrough_on_demand():
    """A call to a prefix of passthrough is sent, here to a port on which no server listens."""
    with Mock(passthrough=["http://127.0.0.1:9/"]), pytest.raises(requests.ConnectionError, match="port=9"):
        requests.get("http://127.0.0.1:9/", timeout=1)


@pytest.mark.parametrize("name", ["X-Anything", "Prefer", "Authorization", "X-Auth-Token", "Content-Type"])
@pytest.mark.parametrize("value", [b"plain", b"\xff\xfe", "caf\u00e9", "tab\tin it", ""], ids=ascii)
def test_header_values_of_any_bytes(mock, name, value):
    """Header values of any bytes or text arrive as on a live server, and the journal can be read."""
    answer = requests.get(URL, headers={**TOKEN, name: value}, timeout=5)

    assert answer.status_code in {200, 401}
    (entry,) = mock.journal
    assert entry.status == answer.status_code
    assert mock.report()
    assert mock.app.test_client().get("/_mockcbs/journal").json["count"] == 1


def test_a_header_that_cannot_be_sent_is_refused_as_live(mock):
    """`http.client` sends Latin-1 and nothing else; the mock raises the same error."""
    with pytest.raises(UnicodeEncodeError):
        requests.get(URL, headers={**TOKEN, "X-Name": "\u684c"}, timeout=5)

    assert mock.journal == []


def test_outside_nothing_is_intercepted(shared):
    """After the block, `requests` is not intercepted."""
    send = requests.adapters.HTTPAdapter.send

    with shared:
        inside = requests.adapters.HTTPAdapter.send

    assert inside is not send
    assert requests.adapters.HTTPAdapter.send is send


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        ("reset", requests.ConnectionError),
        ("empty-reply", requests.ConnectionError),
        ("garbage", requests.ConnectionError),
        ("truncated-body", requests.exceptions.ChunkedEncodingError),
        ("truncated-chunk", requests.exceptions.ChunkedEncodingError),
        ("no-answer", requests.ReadTimeout),
    ],
)
def test_requests_sees_the_faults_it_would_see_live(mock, wire, expected):
    """The exception is of the very class that a live server causes; the next call succeeds."""
    mock.scenario({"rules": [{"when": {"nth": 1}, "wire": wire}]})

    with pytest.raises(expected) as caught:
        get(timeout=5)

    assert type(caught.value) is expected
    assert get().status_code == 200


@pytest.mark.parametrize("order", ["ours first", "theirs first"])
def test_beside_responses(order):
    """Each mock gets its own requests, unknown ones are refused, and afterwards nothing is intercepted."""
    theirs = responses.RequestsMock(assert_all_requests_are_fired=False)
    ours = Mock()
    send = HTTPAdapter.send
    first, second = (ours, theirs) if order == "ours first" else (theirs, ours)

    with first, second:
        theirs.get("https://crm.example/customers", json=["anna"])
        assert requests.get("https://crm.example/customers", timeout=1).json() == ["anna"]
        assert get(params={"interval": "week"}).ok
        with pytest.raises(requests.ConnectionError, match=r"other\.example"):
            requests.get("https://other.example/", timeout=1)
        assert theirs.calls[0].request.url == "https://crm.example/customers"

    assert len(ours.journal) == 1
    assert HTTPAdapter.send is send
    with responses.RequestsMock(), pytest.raises(requests.ConnectionError, match="refused by Responses"):
        get()


def test_what_a_test_registers_comes_first(mock):
    """A response for a real host that a test registers inside the mock is the one that is given."""
    with responses.RequestsMock() as theirs:
        theirs.get(URL, json={"made": "up"})

        assert get(params={"interval": "week"}).json() == {"made": "up"}

    assert mock.journal == []
