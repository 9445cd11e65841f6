"""The console without a browser: what its routes answer, and to whom."""

import re
from pathlib import Path

import pytest

from mockcbs import Settings, create_app
from mockcbs.console import views
from mockcbs.console.pages import version
from mockcbs.console.words import PAGES, WORDS
from mockcbs.control.access import COOKIE, HEADER
from tests.conftest import NOW
from tests.console.requests import CONSOLE


def test_browsers_are_led_to_the_console(client):
    """A browser that opens the base URL finds the console, and the journal does not record it."""
    response = client.get("/", headers={"Accept": "text/html,application/xhtml+xml"}, follow_redirects=True)

    assert response.request.path == f"{CONSOLE}/analysis"
    assert client.get("/_mockcbs/journal").json["count"] == 0


@pytest.mark.parametrize("headers", [{}, {"Accept": "*/*"}, {"Accept": "application/json"}])
def test_api_clients_keep_their_404(client, headers):
    """Nothing changes for a client that calls the base URL."""
    response = client.get("/", headers=headers)

    assert (response.status_code, response.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_in_both_languages(client, page):
    """The title of a page is in the language of a cookie, or else of the browser."""
    english = client.get(f"{CONSOLE}/{page}", headers={"Accept-Language": "en-US,en;q=0.9"}).text
    chinese = client.get(f"{CONSOLE}/{page}", headers={"Accept-Language": "zh-CN,zh;q=0.9"}).text
    client.set_cookie("mockcbs_lang", "zh", path="/_mockcbs")
    chosen = client.get(f"{CONSOLE}/{page}", headers={"Accept-Language": "en"}).text

    assert f"<title>{WORDS['en'][page]}".replace("&", "&amp;") in english
    assert f"<title>{WORDS['zh'][page]}" in chinese
    assert chosen == chinese


class TestControlToken:
    """With ``--control-token``."""

    @pytest.fixture
    def client(self):
        return create_app(Settings(now=NOW, control_token="open sesame")).test_client()

    @pytest.mark.parametrize("path", ["data/overview", "data/bots", "data/calls", "events"])
    def test_data_needs_it(self, client, path):
        """A page loads, because it contains no data; its data are refused."""
        assert client.get(f"{CONSOLE}/analysis").status_code == 200
        assert client.get(f"{CONSOLE}/{path}").status_code == 401

    def test_sign_in(self, client):
        """The token is sent once, in a body; a cookie that no script can read replaces it afterwards."""
        response = client.post(f"{CONSOLE}/session", json={"token": "open sesame"})
        cookie = response.headers["Set-Cookie"]

        assert response.status_code == 204
        assert {"HttpOnly", "SameSite=Strict", "Path=/_mockcbs"} <= set(cookie.split("; "))
        assert "sesame" not in cookie
        assert client.get(f"{CONSOLE}/data/overview").status_code == 200
        assert client.get("/_mockcbs/journal").status_code == 200

        client.delete(f"{CONSOLE}/session", headers={HEADER: "1"})
        assert client.get(f"{CONSOLE}/data/overview").status_code == 401

    def test_wrong_token(self, client):
        """A wrong token, a forged cookie and a body of another form open nothing."""
        wrong = client.post(f"{CONSOLE}/session", json={"token": "open"})
        client.set_cookie(COOKIE, "signed in", path="/_mockcbs")

        assert wrong.status_code == 401
        assert "Set-Cookie" not in wrong.headers
        assert client.get(f"{CONSOLE}/data/overview").status_code == 401
        assert client.post(f"{CONSOLE}/session", json=["open sesame"]).status_code == 400


@pytest.mark.parametrize("path", ["", "/analysis", f"/assets/{version()}/app.js", "/data/bots"])
def test_no_control(path):
    """Without the control API there is no console, and the base URL does not lead to it."""
    client = create_app(Settings(control=False)).test_client()

    assert client.get(f"{CONSOLE}{path}").status_code == 404
    assert client.get("/", headers={"Accept": "text/html"}).status_code == 404


def test_foreign_pages_see_nothing(client):
    """A page of another origin can neither load the console in a frame nor read its data."""
    foreign = {"Origin": "http://evil.test"}

    assert client.get(f"{CONSOLE}/data/calls", headers=foreign).status_code == 403
    assert client.post(f"{CONSOLE}/data/calls/1/again", headers=foreign).status_code == 403
    assert client.get(f"{CONSOLE}/analysis", headers={"Host": "evil.test"}).status_code == 403


def test_nothing_is_loaded_at_the_start():
    """The module with the routes imports no other of the console."""
    source = Path(views.__file__).read_text("utf-8")

    assert not re.findall(r"^from mockcbs\.console", source, re.MULTILINE)
