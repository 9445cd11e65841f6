"""The bytes of objects."""

import base64
import hashlib

import pytest

from mockcbs.backend.files import FolderFiles
from tests.services.oss.calls import failure


def test_a_wrong_digest_is_refused(bucket):
    """Content with a wrong digest is refused and not stored."""
    wrong = base64.b64encode(hashlib.md5(b"other").digest()).decode()

    assert failure(bucket.put_object, "a", b"x", headers={"Content-MD5": wrong}) == (400, "InvalidDigest")
    assert not bucket.object_exists("a")


def test_no_file_is_left_when_all_objects_are_deleted(mockcbs_server, bucket):
    """The files of copies, appended pieces and parts are deleted, too."""
    bucket.put_object("a", b"content")
    bucket.copy_object("photos", "a", "b")
    bucket.append_object("c", 0, b"one")
    bucket.append_object("c", 3, b"two")
    upload = bucket.init_multipart_upload("d").upload_id
    bucket.upload_part("d", upload, 1, b"part")
    bucket.upload_part("d", upload, 1, b"again")
    bucket.abort_multipart_upload("d", upload)
    bucket.batch_delete_objects(["a", "b", "c"])

    files = mockcbs_server.state.backend.files
    if not isinstance(files, FolderFiles):
        pytest.skip("a database keeps the pieces of deleted files for a minute")
    assert [path for path in files._folder.rglob("*") if path.is_file() and path.name != "owner"] == []
