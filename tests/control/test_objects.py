"""``/_mockcbs/objects``: what the buckets of object stores hold."""

import pytest

from tests.services.oss.conftest import bucket_v4

URL = "/_mockcbs/objects"


@pytest.fixture
def stored(mockcbs_server):
    """A client of the control API, and the query of a bucket with three objects."""
    bucket = bucket_v4(mockcbs_server.url)
    for key in ("a/1", "a/2", "b"):
        bucket.put_object(key, f"<script>{key}</script>".encode(), headers={"Content-Type": "text/html"})
    client = mockcbs_server.app.test_client()
    (shown,) = client.get(URL).json["buckets"]
    return client, {"service": "oss", "scope": shown["scope"], "bucket": shown["name"]}


def test_objects_page_by_page(stored):
    """`next` is where the next page begins."""
    client, bucket = stored

    first = client.get(f"{URL}/list", query_string={**bucket, "limit": 2}).json
    rest = client.get(f"{URL}/list", query_string={**bucket, "after": first["next"]}).json
    folder = client.get(f"{URL}/list", query_string={**bucket, "prefix": "a/"}).json

    assert [one["key"] for one in (*first["objects"], *rest["objects"])] == ["a/1", "a/2", "b"]
    assert rest["next"] is None
    assert [one["key"] for one in folder["objects"]] == ["a/1", "a/2"]


def test_content_is_never_run_as_a_page(stored):
    """An object of any type is sent as a download; a part of it can be read."""
    client, bucket = stored

    answer = client.get(f"{URL}/content", query_string={**bucket, "key": "b"})
    part = client.get(f"{URL}/content", query_string={**bucket, "key": "b", "limit": 8})

    assert answer.data == b"<script>b</script>"
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert (part.data, part.headers["Content-Length"]) == (b"<script>", "8")


def test_what_is_not_there(stored):
    """An unknown key is 404, an unknown store is refused with those there are."""
    client, bucket = stored

    assert client.get(f"{URL}/content", query_string={**bucket, "key": "c"}).status_code == 404
    wrong = client.get(f"{URL}/list", query_string={**bucket, "service": "coze"})
    assert wrong.status_code == 400
    assert "oss" in wrong.json["detail"]
