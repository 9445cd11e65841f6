"""``mockcbs pull`` against a mock in this process."""

import csv
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from mockcbs import Mock
from mockcbs.cli import main
from mockcbs.pull import client as pull_client
from mockcbs.pull import days as calendar

COZE = "https://api.coze.cn"
CBS = "https://cbs-ext.cn-north-4.myhuaweicloud.com"
BOT = "7342866812345678901"
TOKEN = "pat_mockcbs"
TODAY = date(2026, 11, 22)


def run(*arguments: object):
    return CliRunner().invoke(main.cli, ["pull", *map(str, arguments)])


def pull(out: Path, *arguments: object):
    return run("--coze", COZE, "--bot", BOT, "--out", out, *arguments)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


@pytest.fixture(autouse=True)
def waits(monkeypatch) -> list[float]:
    """The current day is that of the mocks, and no call waits; yields the intended pauses in seconds."""
    pauses: list[float] = []
    monkeypatch.setattr(calendar, "today", lambda _: TODAY)
    monkeypatch.setattr(pull_client, "sleep", pauses.append)
    monkeypatch.setenv("MOCKCBS_PULL_TOKEN", TOKEN)
    return pauses


@pytest.fixture
def mock():
    with Mock(now="2026-11-22T08:00:00+08:00") as mock:
        yield mock
