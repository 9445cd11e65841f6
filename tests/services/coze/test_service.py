"""What Coze states about itself."""

import pytest

from mockcbs import Settings, create_app
from mockcbs.services.coze.service import SERVICE


@pytest.mark.parametrize(
    ("dataset", "strict"), [("everyday", False), ("coze-sample", False), ("coze-sample", True)]
)
def test_the_example_shows_figures(dataset, strict):
    """The call that `mockcbs serve` prints succeeds, and its answer is not zero."""
    app = create_app(Settings(dataset=dataset, strict=strict))
    example = SERVICE.example(app.extensions["mockcbs"])

    answer = app.test_client().open(example.path, method=example.method, headers=example.headers)

    assert answer.json["code"] == 0
    assert answer.json["data"]["summary"]["total_calls"] > 0
