"""Files are written whole or not at all, on this machine and in an object store."""

import os
import sys
from datetime import UTC, datetime, timedelta

import ossfs
import pytest

from mockcbs import Mock
from mockcbs.core.errors import UserError
from mockcbs.pull import folders
from mockcbs.pull.errors import PullError
from mockcbs.pull.folders import folder, storage_options

SECRET = "mockcbs-secret-key"
KEYS = {"OSS_ACCESS_KEY_ID": "MOCKCBSAK", "OSS_ACCESS_KEY_SECRET": SECRET}
NAME = "metrics-day/1-2026-11-21.csv"


@pytest.fixture(autouse=True)
def waits(monkeypatch) -> list[float]:
    pauses: list[float] = []
    monkeypatch.setattr(folders, "sleep", pauses.append)
    return pauses


@pytest.fixture
def mock():
    return Mock()


@pytest.fixture
def bucket(mock, serve):
    """A folder of a bucket, and the bucket as ossfs sees it."""
    url = serve(mock.app)
    ossfs.OSSFileSystem.clear_instance_cache()
    made = folder("oss://reports/coze", storage_options("oss://reports/coze", url, {}, KEYS))
    files = ossfs.OSSFileSystem(key="MOCKCBSAK", secret=SECRET, endpoint=url)
    return made, files


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    """A failure before the renaming leaves the old content and no other file."""
    made = folder(str(tmp_path), {})
    made.write(NAME, b"old")

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(PullError, match=f"{NAME}: No space left on device"):
        made.write(NAME, b"new")

    assert [path.name for path in (tmp_path / "metrics-day").iterdir()] == ["1-2026-11-21.csv"]
    assert (tmp_path / NAME).read_bytes() == b"old"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_files_have_the_usual_mode(tmp_path):
    """Other users may read them, as any file made by a shell."""
    folder(str(tmp_path), {}).write("a.csv", b"")
    (tmp_path / "b.csv").write_bytes(b"")

    assert (tmp_path / "a.csv").stat().st_mode == (tmp_path / "b.csv").stat().st_mode


def test_a_file_in_place_of_the_folder_is_a_mistake(tmp_path):
    """--out must be a folder."""
    (tmp_path / "out").write_text("", "utf-8")

    with pytest.raises(UserError, match="is a file, not a folder"):
        folder(str(tmp_path / "out"), {})


def test_the_age_of_a_local_file(tmp_path):
    """A file that exists has an age, others have none."""
    made = folder(str(tmp_path), {})
    made.write(NAME, b"")

    assert abs(made.modified(NAME) - datetime.now(UTC)) < timedelta(hours=1)
    assert made.modified("other.csv") is None


def test_objects_of_a_bucket(bucket):
    """Ossfs puts them; they can be overwritten, and their age is known."""
    made, files = bucket

    made.write(NAME, b"old")
    made.write(NAME, "新".encode())

    files.invalidate_cache()
    assert files.find("reports") == [f"reports/coze/{NAME}"]
    assert files.cat(f"reports/coze/{NAME}") == "新".encode()
    assert abs(made.modified(NAME) - datetime.now(UTC)) < timedelta(hours=1)
    assert made.modified("other.csv") is None


def test_uploads_are_tried_again(bucket, mock, waits):
    """An object store that stumbles once ends no run."""
    made, files = bucket
    mock.scenario({"rules": [{"when": {"service": "oss", "first": 2}, "answer": {"error": "unavailable"}}]})

    made.write(NAME, b"new")

    assert files.cat(f"reports/coze/{NAME}") == b"new"
    assert waits == [0.5, 1.0]


def test_an_upload_that_fails_leaves_the_old_object(bucket, mock):
    """The error names the object."""
    made, files = bucket
    made.write(NAME, b"old")
    mock.scenario(
        {"rules": [{"when": {"service": "oss", "method": "PUT"}, "answer": {"error": "unavailable"}}]}
    )

    with pytest.raises(PullError, match=f"oss://reports/coze/{NAME}"):
        made.write(NAME, b"new")

    assert files.cat(f"reports/coze/{NAME}") == b"old"


def test_a_wrong_secret_is_not_tried_again(mock, serve, waits):
    """403 cannot get better by waiting."""
    keys = {**KEYS, "OSS_ACCESS_KEY_SECRET": "wrong"}
    made = folder("oss://reports/x", storage_options("oss://reports/x", serve(mock.app), {}, keys))

    with pytest.raises(PullError, match="SignatureDoesNotMatch"):
        made.write(NAME, b"")

    assert waits == []


def test_a_bucket_that_is_missing_is_not_made(serve, waits):
    """A misspelt bucket is not created."""
    url = serve(Mock(strict=True).app)
    made = folder("oss://no-such-bucket/x", storage_options("oss://x", url, {}, KEYS))

    with pytest.raises(PullError, match="no-such-bucket"):
        made.write(NAME, b"")

    assert ossfs.OSSFileSystem(key="MOCKCBSAK", secret=SECRET, endpoint=url).ls("") == []
    assert waits == []


@pytest.mark.parametrize(
    ("where", "endpoint", "options", "expected"),
    [
        ("out", None, {}, {}),
        ("s3://b", "http://e", {}, {"endpoint_url": "http://e"}),
        ("s3://b", None, {"profile": "p"}, {"profile": "p"}),
        (
            "oss://b",
            "http://e",
            {},
            {"endpoint": "http://e", "key": "MOCKCBSAK", "secret": "mockcbs-secret-key"},
        ),
    ],
)
def test_options_of_the_storage(where, endpoint, options, expected):
    """The endpoint is passed under the name that each file system uses."""
    assert storage_options(where, endpoint, options, KEYS) == expected


def test_oss_needs_an_endpoint():
    """The message names the ways to set the endpoint; the variable of OSS is one."""
    with pytest.raises(UserError, match="OSS_ENDPOINT"):
        storage_options("oss://b", None, {}, {})

    assert storage_options("oss://b", None, {}, {"OSS_ENDPOINT": "http://e"}) == {"endpoint": "http://e"}


@pytest.mark.parametrize("url", ["ftpx://a/b", "s3://a/b"])
def test_unknown_file_systems_are_mistakes(url, monkeypatch):
    """The error names a file system that fsspec does not know, or whose package is missing."""
    monkeypatch.setitem(sys.modules, "s3fs", None)

    with pytest.raises(UserError, match=f"--out {url[:4]}"):
        folder(url, {})


@pytest.mark.parametrize(
    ("url", "remedy"),
    [
        ("oss://bucket/a", "--out oss:// needs ossfs; install it with: pip install ossfs"),
        ("odd://bucket/a", "--out odd:// needs a package: Install oddfs"),
    ],
)
def test_a_package_that_is_missing(monkeypatch, url, remedy):
    """The error has the command that installs what a store needs."""

    def missing(url, **options):
        raise ImportError("Install oddfs")

    monkeypatch.setattr("fsspec.core.url_to_fs", missing)

    with pytest.raises(UserError) as error:
        folders.RemoteFolder(url, {})

    assert str(error.value) == remedy
