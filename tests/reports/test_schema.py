"""Reports as datasets state them."""

import pytest

from mockcbs.core.errors import UserError
from tests.reports.mocks import made


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("hook: a, chat: b", "give one of hook, chat and mail; given are hook, chat"),
        ("mail: x@y.z", "needs smtp: host:port"),
    ],
)
def test_reports_that_are_refused(tmp_path, to, words):
    """The error names the line of the mistake."""
    with pytest.raises(UserError, match=words):
        made(tmp_path, to=to)
