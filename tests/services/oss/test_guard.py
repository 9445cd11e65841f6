"""Who may read without a signature."""

import requests


def test_an_acl_opens_objects_to_everybody_by_host(mockcbs_server, bucket):
    """A public bucket is open to requests without a signature, but only under the host of the bucket."""
    bucket.create_bucket("public-read")
    bucket.put_object("open/a b", b"for all")
    bucket.put_object("closed", b"not for all", headers={"x-oss-object-acl": "private"})
    host = {"Host": "photos.oss.localhost"}

    def status(path, method="GET"):
        return requests.request(method, mockcbs_server.url + path, headers=host, timeout=10).status_code

    assert requests.get(f"{mockcbs_server.url}/open/a%20b", headers=host, timeout=10).content == b"for all"
    assert (status("/closed"), status("/open/a%20b", "DELETE"), status("/?acl")) == (403, 403, 403)
    assert requests.get(f"{mockcbs_server.url}/photos/closed", timeout=10).status_code == 404
    bucket.put_bucket_acl("private")
    assert status("/open/a%20b") == 403
