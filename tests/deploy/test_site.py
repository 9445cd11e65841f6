"""The documentation as a site."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(300)]


@pytest.mark.skipif(
    find_spec("mkdocs") is None, reason="mkdocs is not installed: pip install 'mockcbs[docs]'"
)
def test_the_site(tmp_path):
    """No link is dead, every page can be reached, and no page loads anything from another host."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", tmp_path]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)

    assert done.returncode == 0, done.stderr[-2000:]
    assert "not included in the" not in done.stderr, done.stderr[-2000:]
    assert "no such anchor" not in done.stderr, done.stderr[-2000:]
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) > 30
    for page in pages:
        loaded = re.findall(
            r"<(?:script|img|link rel=\"stylesheet\")[^>]*(?:src|href)=\"(https?:[^\"]+)", page.read_text()
        )
        assert loaded == [], page.name
