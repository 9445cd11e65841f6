"""mockcbs: a mock of Huawei Cloud CBS and Coze that answers from one log of synthetic traffic."""

from typing import TYPE_CHECKING, Any

from mockcbs.core.garbage import without_collection
from mockcbs.core.version import VERSION

if TYPE_CHECKING:
    from mockcbs.app import create_app
    from mockcbs.settings import Settings
    from mockcbs.testing.mock import Mock

__version__ = VERSION

__all__ = ["Mock", "Settings", "create_app"]


def __getattr__(name: str) -> Any:
    """Import the public names when they are first used, so that ``mockcbs --help`` stays quick."""
    if name == "create_app":
        with without_collection():
            from mockcbs.app import create_app  # noqa: PLC0415

        return create_app
    if name == "Settings":
        from mockcbs.settings import Settings  # noqa: PLC0415

        return Settings
    if name == "Mock":
        with without_collection():
            from mockcbs.testing.mock import Mock  # noqa: PLC0415

        return Mock
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
