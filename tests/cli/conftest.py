"""The commands are tested against servers on free ports, as the kit is."""

from tests.contract.conftest import _clean_environment, serve
from tests.webhooks.conftest import postgresql_url

__all__ = ["_clean_environment", "postgresql_url", "serve"]
