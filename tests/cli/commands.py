"""Commands run in this process."""

import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from subprocess import CompletedProcess
from unittest.mock import patch

import pytest
from click.testing import CliRunner

from mockcbs.cli import main


def run(*arguments: str):
    return CliRunner().invoke(main.cli, arguments)


def run_program(*arguments: str, env: dict[str, str] | None = None) -> CompletedProcess[str]:
    """A command with the messages and the status of the program, and no settings but those in *env*."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("MOCKCBS_")}
    with (
        patch.dict(os.environ, {**others, **(env or {})}, clear=True),
        patch.object(sys, "argv", ["mockcbs", *arguments]),
        redirect_stdout(StringIO()) as out,
        redirect_stderr(StringIO()) as errors,
        pytest.raises(SystemExit) as ended,
    ):
        main.main()
    return CompletedProcess(arguments, ended.value.code, out.getvalue(), errors.getvalue())
