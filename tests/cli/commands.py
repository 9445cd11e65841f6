"""Commands run in this process."""

from click.testing import CliRunner

from mockcbs.cli import main


def run(*arguments: str):
    return CliRunner().invoke(main.cli, arguments)
