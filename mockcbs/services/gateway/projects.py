"""Projects and regions: an account has one project in every region; the project has the region's name."""

import hashlib
import re

DEFAULT_REGION = "cn-north-4"
REGIONS = ("cn-north-1", DEFAULT_REGION, "cn-east-3", "cn-south-1", "ap-southeast-1")

DEFAULT_PROJECT = "1604d8170cd84440a81281e5a3a04f8b"
"""The id of that region's project in the vendor's examples."""

_PROJECT_NAME = re.compile(r"([a-z]+-[a-z]+-\d+)(_.+)?")
_REGIONAL_HOST = re.compile(r"[a-z-]+\.([a-z]+-[a-z]+-\d+)\.myhuaweicloud\.com(:\d+)?")


def project_id(name: str) -> str:
    """The id of the project with that name."""
    if name == DEFAULT_REGION:
        return DEFAULT_PROJECT
    return hashlib.sha256(f"mockcbs/project/{name}".encode()).hexdigest()[:32]


_REGION_OF_PROJECT = {project_id(region): region for region in REGIONS}


def region_of_project(identifier: str | None) -> str | None:
    """The region of the project with that id; `None` if the account has no such project."""
    return _REGION_OF_PROJECT.get(identifier or "")


def region_of_name(project_name: str | None) -> str | None:
    """The region in the name of a project: ``cn-north-4``, or ``cn-north-4_…`` for a subproject."""
    match = _PROJECT_NAME.fullmatch(project_name or "")
    return match[1] if match else None


def region_of_host(host: str) -> str | None:
    """The region in a host name of the vendor; `None` for a global or another host."""
    match = _REGIONAL_HOST.fullmatch(host.lower())
    return match[1] if match else None
