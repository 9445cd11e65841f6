"""Uploaded files: mockcbs stores their names and sizes, but not their content (contract 3.10)."""

from dataclasses import dataclass

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import errors
from mockcbs.services.coze.envelope import new_id, seconds
from mockcbs.services.coze.records import Records

_SUPPORTED = frozenset(
    """
    doc docx xls xlsx ppt pptx pdf numbers csv txt md json xml html cpp py java c h js ts go
    jpg jpg2 jpeg png gif webp heic heif bmp pcd tiff svg wav mp3 flac m4a aac ogg wma midi
    mp4 avi mov 3gp 3gpp flv webm wmv rmvb m4v mkv rar zip 7z gz gzip bz2
    """.split()
)
"""Accepted extensions: those on the vendor's page, and those of texts that its clients send."""


@dataclass(frozen=True)
class File:
    """An uploaded file, as clients see it."""

    id: str
    bytes: int
    file_name: str
    created_at: int
    """Unix seconds."""


_KEPT = Records("coze.file", File)


def is_supported(name: str) -> bool:
    """Whether a file of that *name* may be uploaded; a name without an extension may."""
    _, dot, ending = name.rpartition(".")
    return not dot or ending.lower() in _SUPPORTED


def keep(name: str, size: int) -> File:
    """Store a new file of *size* bytes."""
    file = File(new_id(), size, name, seconds())
    return _KEPT.put(file.id, file)


def find(file_id: str) -> File:
    """The file with that id; raises `ApiError` 4200."""
    if file := _KEPT.get(file_id):
        return file
    raise ApiError(errors.RESOURCE_NOT_FOUND, f"no file {file_id} was uploaded here")


def check(file_id: str) -> None:
    """Refuse a message that refers to an unknown file (4304)."""
    if _KEPT.get(file_id) is None:
        raise ApiError(errors.FILE_INVALID, f"no file {file_id} was uploaded here")
