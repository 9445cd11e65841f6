"""Folders: each account has one for its projects and one for its library (contract 3.12)."""

from dataclasses import dataclass
from typing import Any

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import accounts, errors
from mockcbs.services.coze.envelope import WORKSPACE

DEVELOPMENT, LIBRARY = TYPES = ("development", "library")
PROJECTS = "7439828073344100001"
"""The folder of bots and apps."""


@dataclass(frozen=True)
class Folder:
    """A folder. The API cannot create folders."""

    id: str
    name: str
    description: str
    folder_type: str

    def shown(self) -> dict[str, Any]:
        """The folder as clients see it."""
        return {
            **vars(self),
            "workspace_id": WORKSPACE,
            "creator_user_id": accounts.user_id(),
            "parent_folder_id": "",
            "children_count": 0,
        }


_FOLDERS = (
    Folder(PROJECTS, "Projects", "Bots and apps", DEVELOPMENT),
    Folder("7439828073344100002", "Library", "Workflows", LIBRARY),
)


def listed(folder_type: str, parent_folder_id: str) -> list[Folder]:
    """The folders of a type in another folder; all folders are at the top level."""
    return [] if parent_folder_id else [one for one in _FOLDERS if one.folder_type == folder_type]


def find(folder_id: str) -> Folder:
    """The folder with that id; raises `ApiError` 4200."""
    if found := next((one for one in _FOLDERS if one.id == folder_id), None):
        return found
    known = " and ".join(one.id for one in _FOLDERS)
    raise ApiError(errors.RESOURCE_NOT_FOUND, f"unknown folder {folder_id}; the folders are {known}")
