"""Clients of mocks with settings of their own."""

from mockcbs import Settings, create_app
from tests.conftest import BOT, NOW, PROJECT

PATH = f"/v1/{PROJECT}/qabots/{BOT}/requests/keywords"


def client_of(**settings):
    return create_app(Settings(**{"now": NOW, "dataset": "empty"} | settings)).test_client()
