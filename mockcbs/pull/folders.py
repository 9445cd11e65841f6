"""Destinations of files: a local folder, or any URL that fsspec supports."""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from typing import Any, Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

from mockcbs.core import extras, paths
from mockcbs.core.errors import UserError
from mockcbs.pull.errors import PullError

_OSS_VARIABLES = {
    "endpoint": "OSS_ENDPOINT",
    "key": "OSS_ACCESS_KEY_ID",
    "secret": "OSS_ACCESS_KEY_SECRET",
    "token": "OSS_SESSION_TOKEN",
}
_ENDPOINT_OPTIONS = {"oss": "endpoint", "s3": "endpoint_url"}


_OBJECT_STORES = {"abfs", "abfss", "az", "gcs", "gs", "memory", "oss", "s3", "s3a"}
"""File systems of fsspec without folders: creating one might create a bucket."""

_ATTEMPTS = 4
"""The maximum number of attempts of an upload."""
_RETRIED = {408, 409, 429}


class Folder(Protocol):
    """A destination of files; each file is written completely or not at all."""

    def write(self, name: str, content: bytes) -> None:
        """Write *content* under *name*; it replaces an existing file. Raises `PullError`."""

    def modified(self, name: str) -> datetime | None:
        """The time of the last write; `None` if the file does not exist or the storage has no times.

        Raises `PullError`.
        """


def folder(where: str, options: Mapping[str, str]) -> Folder:
    """The folder named *where*: a path or a URL; *options* are passed to the file system of the URL.

    Raises `UserError` if the file system of the URL is unknown or not installed.
    """
    scheme = urlsplit(where).scheme if "://" in where else ""
    if scheme in {"", "file"}:
        return LocalFolder(Path(url2pathname(urlsplit(where).path) if scheme else where).expanduser())
    return RemoteFolder(where, options)


class LocalFolder:
    """A folder of this machine; a complete file is renamed to its name."""

    def __init__(self, path: Path) -> None:
        """*path* may be missing."""
        if paths.exists(path) and not paths.is_folder(path):
            raise UserError(f"--out {path} is a file, not a folder")
        self._path = path

    def write(self, name: str, content: bytes) -> None:
        """Write *content* under *name*."""
        path = self._path / name
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        with _failures(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with part.open("xb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)

    def modified(self, name: str) -> datetime | None:
        """The time of the last write."""
        path = self._path / name
        with _failures(path):
            return datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.is_file() else None


_PACKAGES = {"oss": "ossfs", "s3": "s3fs", "gs": "gcsfs", "abfs": "adlfs", "az": "adlfs"}
"""The packages that fsspec needs for object stores, by the scheme of their URLs."""


class RemoteFolder:
    """A prefix of an object store, or of another file system of fsspec."""

    def __init__(self, url: str, options: Mapping[str, str]) -> None:
        """*options* are those of the file system that fsspec has for *url*."""
        scheme = urlsplit(url).scheme
        with extras.needed(f"--out {scheme}://", "fsspec", "pull"):
            from fsspec.core import url_to_fs  # noqa: PLC0415
        try:
            self._system, self._root = url_to_fs(url, **options)
        except ImportError as error:
            package = _PACKAGES.get(scheme)
            remedy = (
                f"{package}; install it with: pip install {package}" if package else f"a package: {error}"
            )
            raise UserError(f"--out {scheme}:// needs {remedy}") from error
        except (TypeError, ValueError) as error:
            raise UserError(f"--out {url}: {error}") from error
        self._url = url.rstrip("/")
        protocol = self._system.protocol
        self._protocols = {protocol} if isinstance(protocol, str) else set(protocol)

    def write(self, name: str, content: bytes) -> None:
        """Write *content* under *name*; an object store shows an upload only when it is complete."""
        with _failures(f"{self._url}/{name}"):
            for attempt in range(1, _ATTEMPTS):
                try:
                    return self._put(name, content)
                except OSError as error:
                    if _is_final(error):
                        raise
                    sleep(2.0**attempt / 4)
            return self._put(name, content)

    def modified(self, name: str) -> datetime | None:
        """The time of the last write."""
        with _failures(f"{self._url}/{name}"):
            try:
                at: Any = self._system.modified(self._path(name))
            except (FileNotFoundError, NotImplementedError):
                return None
        if isinstance(at, int | float):  # ossfs: Unix seconds
            return datetime.fromtimestamp(at, UTC)
        if not isinstance(at, datetime):
            return None
        return at if at.tzinfo else at.replace(tzinfo=UTC)

    def _path(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}"

    def _put(self, name: str, content: bytes) -> None:
        path = self._path(name)
        if not _OBJECT_STORES.issuperset(self._protocols):
            self._system.makedirs(path.rpartition("/")[0], exist_ok=True)
        self._system.pipe_file(path, content)


def _is_final(error: OSError) -> bool:
    """Whether another attempt cannot succeed: unknown bucket, missing permission or wrong signature."""
    status = getattr(error.__cause__, "status", None)
    refused = isinstance(status, int) and 400 <= status < 500 and status not in _RETRIED
    return refused or isinstance(error, FileNotFoundError | PermissionError)


@contextmanager
def _failures(place: object) -> Iterator[None]:
    """A block whose `OSError` becomes a `PullError` that names *place*."""
    try:
        yield
    except OSError as error:
        raise PullError(f"{place}: {error.strerror or error}") from error


def storage_options(
    where: str, endpoint: str | None, options: Mapping[str, str], environ: Mapping[str, str]
) -> dict[str, str]:
    """The options of the file system of *where*: endpoint, credentials from the environment, *options*.

    Raises `UserError` if the endpoint is missing, or given without need. s3fs reads the variables of AWS
    itself. ossfs reads only the endpoint, so this adds the other variables of OSS.
    """
    scheme = urlsplit(where).scheme if "://" in where else ""
    found: dict[str, str] = {}
    if scheme == "oss":
        found = {key: environ[name] for key, name in _OSS_VARIABLES.items() if environ.get(name)}
        if not (endpoint or "endpoint" in found or "endpoint" in options):
            raise UserError("--out oss:// needs --endpoint URL, or the variable OSS_ENDPOINT")
    if endpoint:
        if scheme not in _ENDPOINT_OPTIONS:
            raise UserError("--endpoint is for --out oss:// and s3://")
        found[_ENDPOINT_OPTIONS[scheme]] = endpoint
    return {**found, **options}
