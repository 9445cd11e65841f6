"""Parameters and headers as documents describe them are those that OSS checks."""

import pytest

from mockcbs.services.oss.views import parameters
from tests.services.oss.calls import failure

LIMITS = [
    (one["name"], one["schema"]["maximum"], query)
    for group, query in (
        (parameters.BUCKETS, None),
        (parameters.OBJECTS, {}),
        (parameters.UPLOADS, {"uploads": ""}),
    )
    for one in group
    if one["schema"].get("maximum")
]


@pytest.mark.parametrize(("name", "most", "query"), LIMITS, ids=str)
def test_a_page_may_be_as_long_as_documented(bucket, name, most, query):
    """A page with one entry more than documented is refused."""
    place = "" if query is None else "photos"

    assert bucket._do("GET", place, "", params={**(query or {}), name: str(most)}).status == 200
    asked = {**(query or {}), name: str(most + 1)}
    assert failure(bucket._do, "GET", place, "", params=asked) == (400, "InvalidArgument")


@pytest.mark.parametrize("acl", parameters.OBJECT_ACL["schema"]["enum"])
def test_documented_acls_are_accepted(bucket, acl):
    """Any other is refused."""
    bucket.put_object("a", b"x", headers={"x-oss-object-acl": acl})

    assert bucket.get_object_acl("a").acl == acl
    wrong = {"x-oss-object-acl": "everybody"}
    assert failure(bucket.put_object, "b", b"x", headers=wrong) == (400, "InvalidArgument")
