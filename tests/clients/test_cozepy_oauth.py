"""Every class of cozepy that gets or keeps tokens, found by inspection: its methods work, sync and async.

A release that adds a class, a method or an argument fails here by its name.
"""

import asyncio
import inspect
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import cozepy
import httpx
import pytest
from cozepy import AsyncCoze, Coze, DeviceAuthCode, OAuthToken, Scope, TokenAuth, load_oauth_app_from_config
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # modules that the SDK still has

BOT = "7342866812345678901"
APPS = sorted(name for name in cozepy.__all__ if name.endswith("OAuthApp") and name != "OAuthApp")
AUTHS = {"AsyncJWTAuth", "AsyncTokenAuth", "JWTAuth", "TokenAuth"}
BASES = {"AsyncAuth", "Auth", "SyncAuth"}
METHODS = [
    (name, method)
    for name in APPS
    for method, _ in inspect.getmembers(getattr(cozepy, name), inspect.isfunction)
    if not method.startswith("_")
]


LOOP = asyncio.new_event_loop()


def finished(result: Any) -> Any:
    """*result*, awaited if it has to be, always in one loop, as the SDK's clients keep connections."""
    return LOOP.run_until_complete(result) if inspect.isawaitable(result) else result


@pytest.fixture(scope="module", autouse=True)
def _all_is_closed() -> Iterator[None]:
    """The apps of the SDK cannot be closed, so the clients that they make are noted and closed here."""
    made: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        for kind in (httpx.Client, httpx.AsyncClient):
            patch.setattr(kind, "__init__", _noting(kind.__init__, made))
        yield
    for client in made:
        finished(client.aclose() if isinstance(client, httpx.AsyncClient) else client.close())
    LOOP.close()


def _noting(original: Callable[..., None], made: list[Any]) -> Callable[..., None]:
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        made.append(self)

    return init


@pytest.fixture(scope="module")
def url(_shared):
    """A server that takes any client and any JWT."""
    return _shared("--dataset", "coze-sample").url


@pytest.fixture(scope="module")
def private_key():
    """A key in PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, form, serialization.NoEncryption()).decode()


class Stage:
    """What the methods need; what a flow brings forth is made when it is asked for."""

    def __init__(self, name: str, url: str, private_key: str) -> None:
        self.kind, self.base_url, self.www_base_url, self.private_key = (
            getattr(cozepy, name),
            url,
            url,
            private_key,
        )
        self.client_id, self.client_secret, self.public_key_id = "some-client", "some-secret", "key"
        self.redirect_uri, self.code_verifier, self.code_challenge_method = "http://localhost/", "ver", "S256"
        self.state, self.workspace_id, self.poll = "st", "7361424235321600001", True
        self.ttl, self.session_name, self.scope = 60, "anna", Scope.build_bot_chat(bot_id_list=[BOT])

    def arguments(self, function: Any, *, optional: bool) -> dict[str, Any]:
        """By the names of the parameters; an unknown name fails."""
        parameters = inspect.signature(function).parameters.values()
        wanted = [one.name for one in parameters if optional or one.default is one.empty]
        return {name: getattr(self, name) for name in wanted if name != "self"}

    def call(self, method: str, *, optional: bool = False) -> Any:
        """What a method brings."""
        bound = getattr(self.app, method)
        return finished(bound(**self.arguments(bound, optional=optional)))

    @cached_property
    def app(self) -> Any:
        """The app, pointed at the server."""
        given = self.arguments(self.kind.__init__, optional=True)
        return self.kind(**given)

    @property
    def code(self) -> str:
        """A new code, from the consent page."""
        consent = httpx.get(self.call("get_oauth_url", optional=True))
        return httpx.URL(consent.headers["Location"]).params["code"]

    @property
    def device_code(self) -> str:
        """A new device code, to which its user consents."""
        device = self.call("get_device_code")
        assert httpx.get(device.verification_url).status_code == 200
        return device.device_code

    @property
    def refresh_token(self) -> str:
        """A new refresh token."""
        return self.call("get_access_token").refresh_token


@pytest.mark.parametrize("optional", [False, True], ids=["required", "all arguments"])
@pytest.mark.parametrize(("name", "method"), METHODS, ids=[".".join(one) for one in METHODS])
def test_methods(url, private_key, name, method, optional):
    """Each method returns a token that works, a device code, or the address of the consent page."""
    result = Stage(name, url, private_key).call(method, optional=optional)

    if isinstance(result, OAuthToken):
        assert Coze(auth=TokenAuth(result.access_token), base_url=url).bots.retrieve(bot_id=BOT).bot_id == BOT
    elif isinstance(result, DeviceAuthCode):
        assert httpx.get(result.verification_url).status_code == 200
    else:
        assert httpx.get(result).headers["Location"].startswith("http://localhost/?code=code_")


@pytest.mark.parametrize("name", sorted(AUTHS))
def test_auths(url, private_key, name):
    """Each class that manages a token for a client gets one when it is needed."""
    kind = getattr(cozepy, name)
    jwt = {"client_id": "c", "private_key": private_key, "public_key_id": "k", "base_url": url}
    auth = kind(**jwt) if "JWT" in name else kind(token="pat_mockcbs")

    client = (AsyncCoze if name.startswith("Async") else Coze)(auth=auth, base_url=url)

    assert finished(client.users.me()).user_name == "mockcbs"


def test_no_class_is_left_out():
    """A new class of cozepy has to be added to the list above."""
    assert {name for name in cozepy.__all__ if name.endswith("Auth")} == AUTHS | BASES
    assert len(APPS) == 8


@pytest.mark.parametrize("kind", ["web", "pkce", "device", "jwt"])
def test_apps_from_a_configuration(url, private_key, kind):
    """The file that the vendor's console gives makes an app of the same kind."""
    config = {
        "client_type": kind, "client_id": "some-client", "client_secret": "s", "coze_www_base": url,
        "coze_api_base": url, "private_key": private_key, "public_key_id": "key",
    }  # fmt: skip

    app = load_oauth_app_from_config(config)

    assert type(app).__name__.lower().startswith(kind)
