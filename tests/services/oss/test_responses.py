"""What documents say of OSS's XML is what it sends and reads."""

import pytest
from defusedxml.ElementTree import fromstring
from marshmallow import RAISE, fields

from mockcbs.services.oss import responses


def content(element, schema):
    """An element as a schema reads it: lists where the schema has them."""
    found = {}
    for name, field in schema.fields.items():
        children = element.findall(field.data_key or name)
        inner = field.inner if isinstance(field, fields.List) else field
        values = [
            content(one, inner.schema) if isinstance(inner, fields.Nested) else one.text or ""
            for one in children
        ]
        if values:
            found[field.data_key or name] = values if inner is not field else values[0]
    strange = {child.tag for child in element} - {field.data_key for field in schema.fields.values()}
    return found | dict.fromkeys(strange)


CALLS = {
    "ListAllMyBucketsResult": lambda bucket: bucket._do("GET", "", ""),
    "BucketInfo": lambda bucket: bucket._do("GET", "photos", "", params={"bucketInfo": ""}),
    "BucketStat": lambda bucket: bucket._do("GET", "photos", "", params={"stat": ""}),
    "AccessControlPolicy": lambda bucket: bucket._do("GET", "photos", "", params={"acl": ""}),
    "ListBucketResult": lambda bucket: bucket._do("GET", "photos", "", params={"list-type": "2"}),
    "InitiateMultipartUploadResult": lambda bucket: bucket._do("POST", "photos", "k", params={"uploads": ""}),
    "ListMultipartUploadsResult": lambda bucket: bucket._do("GET", "photos", "", params={"uploads": ""}),
}


@pytest.mark.parametrize("name", CALLS)
def test_documents_are_as_described(bucket, name):
    """Each document has the members of its schema, and no other."""
    bucket.put_object("a", b"x")
    schema = getattr(responses, name)(unknown=RAISE)

    root = fromstring(CALLS[name](bucket).read())

    assert root.tag == name
    assert schema.validate(content(root, schema)) == {}


def test_members_are_required_unless_they_are_optional():
    """An element without its members is refused, by their names in XML."""
    assert responses.BucketStat().validate({}).keys() >= {"Storage", "ObjectCount"}
    assert "NextMarker" not in responses.ListAllMyBucketsResult().validate({})
