"""Uploaded files: their names and sizes (contract 3.10); their content is not kept."""

from dataclasses import dataclass

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import errors
from mockcbs.services.coze.envelope import new_id, seconds
from mockcbs.services.coze.records import Records


@dataclass(frozen=True)
class File:
    """An uploaded file, as clients see it."""

    id: str
    bytes: int
    file_name: str
    created_at: int
    """Unix seconds."""


_KEPT = Records("coze.file", File)


def keep(name: str, size: int) -> File:
    """A new file of *size* bytes."""
    file = File(new_id(), size, name, seconds())
    return _KEPT.put(file.id, file)


def find(file_id: str) -> File:
    """The file of that id; 4200 if nobody uploaded it."""
    if file := _KEPT.get(file_id):
        return file
    raise ApiError(errors.RESOURCE_NOT_FOUND, f"no file {file_id} was uploaded here")


def check(file_id: str) -> None:
    """Refuse a message that refers to a file nobody uploaded (4304)."""
    if _KEPT.get(file_id) is None:
        raise ApiError(errors.FILE_INVALID, f"no file {file_id} was uploaded here")
