"""``mockcbs serve``."""

import gc
import subprocess
import sys

from click.testing import CliRunner

from mockcbs.cli.main import cli


def test_help_of_serve_loads_no_server():
    """``mockcbs serve --help`` needs the settings only."""
    code = (
        "import sys; from mockcbs.cli.main import cli\n"
        "cli.main(['serve', '--help'], standalone_mode=False)\n"
        "print({'numpy', 'flask', 'yaml', 'uvicorn'} & set(sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.endswith("set()\n")


def test_garbage_is_searched_for_after_a_failed_start():
    """A start that fails leaves the process that called it as it was."""
    failed = CliRunner().invoke(cli, ["serve", "--dataset", "nowhere"])

    assert failed.exit_code == 2
    assert gc.isenabled()
