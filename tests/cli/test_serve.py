"""``mockcbs serve``."""

import subprocess
import sys


def test_help_of_serve_loads_no_server():
    """``mockcbs serve --help`` needs the settings only."""
    code = (
        "import sys; from mockcbs.cli.main import cli\n"
        "cli.main(['serve', '--help'], standalone_mode=False)\n"
        "print({'numpy', 'flask', 'yaml', 'uvicorn'} & set(sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.endswith("set()\n")
