"""The pages and what they load."""

import re
from pathlib import Path

import pytest

from mockcbs.console import views
from mockcbs.console.pages import version
from mockcbs.console.words import LANGUAGES
from tests.console.requests import CONSOLE


def test_unknown_page(client):
    """A misspelt page is answered with the pages that there are."""
    response = client.get(f"{CONSOLE}/anlysis")

    assert response.status_code == 404
    assert "analysis" in response.json["detail"]


def test_pages_allow_only_our_own_scripts(client):
    """The policy names no other host and no inline script, and no page may frame the console."""
    policy = client.get(f"{CONSOLE}/calls").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_assets_are_cached_for_ever(client):
    """The address of each file that a page loads contains a digest of all files, and its content never
    changes.
    """
    html = client.get(f"{CONSOLE}/calls").text
    found = {name for name in re.findall(r'(?:href|src)="([^"#]+)', html) if "/assets/" in name}

    responses = [client.get(name) for name in found]

    assert len(found) >= 3
    assert {response.status_code for response in responses} == {200}
    assert all("immutable" in response.headers["Cache-Control"] for response in responses)
    assert client.get(f"{CONSOLE}/assets/other/app.js").status_code == 404
    assert client.get(f"{CONSOLE}/assets/{version()}/pages.py").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_are_small(language):
    """All files that a browser loads are under 120 KB in total, not minified, and our own."""
    room = Path(views.__file__).parent
    others = {f"words-{other}" for other in LANGUAGES if other != language}
    files = [
        file.read_text("utf-8")
        for name in ("static", "templates")
        for file in (room / name).iterdir()
        if file.stem not in {"explorer", *others}
    ]

    assert sum(len(text.encode()) for text in files) < 120 * 1024
    assert not [text for text in files if re.search(r"https?://(?!www\.w3\.org|127\.0\.0\.1)", text)]
    assert max(len(line) for text in files for line in text.splitlines()) < 600
