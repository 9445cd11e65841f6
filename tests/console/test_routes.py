"""The pages of the console and the explorer, as the first requests of a mock."""

import pytest

from mockcbs import Settings, create_app


@pytest.mark.parametrize("path", ["/_mockcbs/console/analysis", "/_mockcbs/docs"])
def test_a_page_may_be_the_first_request(path):
    """It is shown, and missing where the mock has no control API."""
    shown = create_app().test_client().get(path)
    closed = create_app(Settings(control=False)).test_client().get(path)

    assert (shown.status_code, shown.mimetype) == (200, "text/html")
    assert closed.status_code == 404
