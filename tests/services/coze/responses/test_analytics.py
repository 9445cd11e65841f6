"""The JSON of the usage statistics."""

import json

from tests.services.coze.figures import (
    FIGURES,
    SAMPLE,
    WEEK,
)


def test_answers_are_json(coze):
    """Rates and means are JSON numbers for each client."""
    text = coze.get(SAMPLE + WEEK).text

    assert all(
        isinstance(row[name], int | float) for row in json.loads(text)["data"]["metrics"] for name in FIGURES
    )
