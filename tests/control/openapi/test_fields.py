"""Fields in OpenAPI."""

import json
import re

from tests.control.openapi.described import described


def test_patterns_are_those_of_every_language():
    r"""No ``\Z`` and no named group, which only Python reads; and whole, as schemas search."""
    found = re.findall(r'"pattern": "((?:[^"\\]|\\.)*)"', json.dumps(described(None)))

    assert found
    for pattern in found:
        assert not re.search(r"\\\\Z|\\\\A|\(\?P", pattern)
        assert pattern.startswith("^")
