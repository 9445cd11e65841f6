"""The names in Host headers."""

import pytest

from mockcbs.web.hosts import name_in


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("a", "a"),
        ("A.Example:80", "a.example"),
        ("a:", "a"),
        ("a:65535", "a"),
        ("a:000080", "a"),
        ("127.0.0.1:8021", "127.0.0.1"),
        ("[::1]:8021", "::1"),
        ("[0:0::1]", "::1"),
        ("xn--a", "xn--a"),
        ("a_b", "a_b"),
        ("%61", "%61"),
        ("cbs-ext.*.x", "cbs-ext.*.x"),
    ],
)
def test_valid_hosts(host, name):
    """Any host is accepted, whether or not such a name can exist."""
    assert name_in(host) == name


INVALID = [
    "",
    ":80",
    "a b",
    "a/b",
    "a\\b",
    "a%2",
    "u@127.0.0.1",
    "u:p@127.0.0.1",
    "127.0.0.1:65536",
    "127.0.0.1:99999",
    "127.0.0.1:+80",
    "127.0.0.1:8a",
    "127.0.0.1:80:80",
    "127.0.0.1:²",
    "[::1",
    "::1",
    "[:::]",
    "[1:2:3]",
    "[127.0.0.1]",
    "[::1%25lo]",
    "[fe80::1%eth0]",
    "[v1.x]",
    "localhosté",
    "localhost\u2028",
    "localhost\x00",
    "localhost\n",
]


@pytest.mark.parametrize("host", INVALID)
def test_invalid_hosts(host):
    """User names, ports that do not exist, wrong addresses, zones and characters outside of RFC 3986."""
    assert name_in(host) is None
