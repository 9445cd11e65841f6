"""Errors of OSS."""

from mockcbs.services import registry
from tests.services.oss.calls import failure


def test_every_error_of_the_catalogue_is_xml(bucket, mockcbs_server):
    """A scenario can provoke each error with its code, its status and a request id."""
    service = registry.named("oss")
    for row in service.catalogue:
        mockcbs_server.scenario({"rules": [{"answer": {"error": row.code}}]})

        assert failure(bucket.put_object, "a", b"") == (row.status, row.code)
