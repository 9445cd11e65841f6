"""Documents, and their operations."""

from functools import cache

from mockcbs import Settings, create_app
from mockcbs.control.openapi.document import CONTROL
from mockcbs.services import registry
from tests.conftest import BOT, NOW, PROJECT

STATS = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats"
RIGHT = {"Authorization": "Bearer open"}
STORY = {"rules": [{"when": {"nth": 9}, "state": "down"}, {"when": {"state": "down"}, "wire": "reset"}]}
NAMES = [None, *(service.name for service in registry.services()), CONTROL]


@cache
def described(name):
    """A document, as a client reads it."""
    client = create_app(Settings(dataset="empty", now=NOW)).test_client()
    return client.get(f"/_mockcbs/openapi{f'/{name}' if name else ''}.json").json


def operations(document):
    return [one for methods in document["paths"].values() for one in methods.values()]
