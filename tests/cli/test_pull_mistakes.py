"""What users of ``mockcbs pull`` mistype, and tokens."""

import pytest

from tests.cli.pulls import BOT, CBS, COZE, TOKEN, files, mock, pull, run, waits
from tests.conftest import BOT as QABOT
from tests.conftest import PROJECT

__all__ = ["mock", "waits"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "give one of --coze URL and --cbs URL"),
        (["--coze", COZE, "--cbs", CBS], "give one of --coze URL and --cbs URL"),
        (["--coze", "api.coze.cn"], "'api.coze.cn' is not a URL"),
        (["--coze", COZE], "give --bot ID, --all-bots with --space ID, or --workflow ID"),
        (["--coze", COZE, "--bot", BOT, "--workflow", BOT], "pull them one after the other"),
        (["--cbs", CBS, "--workflow", BOT], "--workflow has no meaning with --cbs"),
        (["--coze", COZE, "--all-bots"], "--all-bots needs --space ID"),
        (["--coze", COZE, "--bot", "../../etc"], "'../../etc' is not the id of a bot"),
        (["--coze", COZE, "--bot", BOT, "--zone", "UTC"], "Coze counts the days of Asia/Shanghai"),
        (["--coze", COZE, "--bot", BOT, "--project", "p"], "--project has no meaning with --coze"),
        (["--coze", COZE, "--bot", BOT, "--date", "soon"], "'soon' is not a date such as 2026-02-28"),
        (
            ["--coze", COZE, "--bot", BOT, "--date", "2026-11-23"],
            "2026-11-23 has not begun",
        ),
        (["--coze", COZE, "--bot", BOT, "--date", "2026-11-20", "--from", "2026-11-20"], "give one of them"),
        (["--coze", COZE, "--bot", BOT, "--to", "2026-11-20"], "--to needs --from"),
        (["--coze", COZE, "--bot", BOT, "--from", "2026-11-20", "--to", "2026-11-19"], "lies after"),
        (["--coze", COZE, "--bot", BOT, "--name", "{bots}.csv"], "did you mean 'bot'?"),
        (["--coze", COZE, "--bot", BOT, "--name", "../{bot}.csv"], "must stay in the folder"),
        (
            ["--coze", COZE, "--bot", BOT, "--name", "a.csv", "--from", "2026-11-20"],
            "2 files the same name a.csv",
        ),
        (["--coze", COZE, "--bot", BOT, "--bom", "--format", "jsonl"], "--bom is for CSV"),
        (["--coze", COZE, "--bot", BOT, "--endpoint", "http://x"], "--endpoint is for --out oss://"),
        (["--coze", COZE, "--bot", BOT, "--storage-option", "x"], "'x' is not KEY=VALUE"),
        (["--cbs", CBS, "--bot", QABOT], "--cbs needs --project ID"),
        (["--cbs", CBS, "--bot", QABOT, "--events"], "--events has no meaning with --cbs"),
        (["--cbs", CBS, "--bot", QABOT, "--granularity", "hour"], "--granularity hour is for --coze"),
    ],
)
def test_mistakes_are_named(tmp_path, arguments, words):
    """Every mistake is a message and exit status 2."""
    done = run("--out", tmp_path, *arguments)

    assert done.exit_code == 2
    assert words in done.output
    assert files(tmp_path) == {}


def test_a_token_is_needed_and_never_shown(mock, tmp_path, monkeypatch):
    """A refused token, and one that no header can carry, are not in the message."""
    refused = pull(tmp_path, "--token", "secret-token-1\n")
    monkeypatch.delenv("MOCKCBS_PULL_TOKEN")
    missing = pull(tmp_path)

    assert [refused.exit_code, missing.exit_code] == [2, 2]
    assert "secret" not in refused.output
    assert "set MOCKCBS_PULL_TOKEN" in missing.output


def test_the_token_of_coze_goes_to_coze_only(mock, tmp_path, monkeypatch):
    """COZE_API_TOKEN, which cozepy users have set, is not sent to CBS."""
    monkeypatch.delenv("MOCKCBS_PULL_TOKEN")
    monkeypatch.setenv("COZE_API_TOKEN", TOKEN)

    to_coze = pull(tmp_path)
    to_cbs = run("--cbs", CBS, "--project", PROJECT, "--bot", QABOT, "--out", tmp_path)

    assert [to_coze.exit_code, to_cbs.exit_code] == [0, 2]
    assert {entry.service for entry in mock.journal} == {"coze"}
