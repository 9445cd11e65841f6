"""The commands are tested against servers on free ports, as the kit is."""

from tests.contract.conftest import _clean_environment, serve

__all__ = ["_clean_environment", "serve"]
