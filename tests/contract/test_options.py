"""Options of the kit."""

import pytest

from mockcbs import Settings, create_app
from tests.cli.test_contract import contract_of
from tests.conftest import NOW
from tests.contract.diagnosed import sentence


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--ak", "x"], "--ak is given without --sk"),
        (["--sk", "x"], "--sk is given without --ak"),
        (["--oss-ak", "x"], "--oss-ak is given without --oss-sk"),
        (
            ["--cbs", "http://127.0.0.1:1", "--seed", 1],
            "--seed is for the mock in process, but --cbs names a server",
        ),
        (["--feishu", "http://127.0.0.1:1", "--dataset", "empty"], "--dataset is for the mock in process"),
        (["--feishu", "https://feishu.invalid"], "no Feishu app id: set MOCKCBS_CONTRACT_FEISHU_APP_ID"),
        (["--airtable-base", "app"], "--airtable-base is not an id such as appMockcbsKit0000"),
    ],
)
def test_options_that_do_not_fit(options, words):
    """Options that would be ignored, or that lack their other half, are refused before any call."""
    result = contract_of(*options)

    assert result.exit_code == 2
    assert result.stderr.startswith(f"mockcbs: {words}")


def test_a_report_that_cannot_be_written(serve, tmp_path):
    """A folder that cannot be written is an error before the first call."""
    asked = []
    healthy = create_app(Settings(now=NOW))
    file = tmp_path / "file"
    file.write_text("")

    def app(environ, start_response):
        asked.append(environ["PATH_INFO"])
        return healthy(environ, start_response)

    found = sentence("cbs", serve(app), "--report", file / "folder")

    assert found == f"--report {file}/folder: Not a directory"
    assert asked == []
