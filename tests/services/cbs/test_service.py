"""What CBS states about itself."""

import pytest

from mockcbs import Settings, create_app
from mockcbs.services.cbs.service import SERVICE
from tests.conftest import BOT, PROJECT


@pytest.mark.parametrize(("dataset", "strict"), [("everyday", False), ("everyday", True), ("empty", False)])
def test_the_example_succeeds(dataset, strict):
    """The call that `mockcbs serve` prints is answered, about a bot that the dataset names."""
    app = create_app(Settings(dataset=dataset, strict=strict))
    example = SERVICE.example(app.extensions["mockcbs"])

    answer = app.test_client().open(example.path, method=example.method, headers=example.headers)

    assert answer.status_code == 200
    assert "total" in answer.json


def test_the_example_is_about_a_bot_of_the_dataset(tmp_path):
    """The example uses the first bot of the dataset if the vendor's bot is not in it."""
    bot = "00000000-1111-2222-3333-444444444444"
    (tmp_path / "one.yaml").write_text(f"bots:\n- id: {bot}\n", "utf-8")

    app = create_app(Settings(dataset=str(tmp_path / "one.yaml")))

    assert bot in SERVICE.example(app.extensions["mockcbs"]).path


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        (f"/v1/{PROJECT}/qabots/{BOT}/chat", True),
        (f"/v1/{PROJECT}", True),
        ("/v1/anything/qabots/x", True),
        ("/v1/bots/7342866812345678901/analytics", False),
    ],
)
def test_paths_of_cbs(path, ours):
    """A path with a project or a bot of CBS is its own, others are not."""
    assert bool(SERVICE.paths.match(path)) is ours


def test_sdks_find_the_mock():
    """The variables of a region contain the URL of the mock."""
    variables = SERVICE.variables(Settings(), "http://127.0.0.1:1")

    assert variables["HUAWEICLOUD_SDK_REGION_CBS_CN_NORTH_4"] == "http://127.0.0.1:1"
