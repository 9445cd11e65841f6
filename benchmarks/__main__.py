"""`python benchmarks` installs this checkout into a new venv and runs `run.py` there."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import NoReturn

from cache import default_folder

_CHECKOUT = Path(__file__).resolve().parents[1]
_LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "dist", "tests")


def main() -> NoReturn:
    """Install mockcbs as a user would (not editable, with compiled bytecode) and run the benchmarks."""
    home = _tools(sys.argv[1:]) / "mockcbs-{}.{}".format(*sys.version_info)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        print(f"tools: making {home}", file=sys.stderr, flush=True)
        venv.create(home, with_pip=True)
    print("tools: installing this checkout", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        # a copy, as building a package writes files beside the sources
        copy = shutil.copytree(_CHECKOUT, Path(folder) / "mockcbs", ignore=_LEFT_OUT)
        install = [str(python), "-m", "pip", "install", "--quiet", f"{copy}[bench]"]
        done = subprocess.run(install, check=False, capture_output=True, text=True)
        if done.returncode:
            print(done.stderr, file=sys.stderr)
            sys.exit(done.returncode)
    run = Path(__file__).with_name("run.py")
    os.execv(python, [str(python), str(run), *sys.argv[1:]])


def _tools(arguments: list[str]) -> Path:
    """The folder of `--tools`, by default in the user's cache. `run.py` reads this option, too."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--tools", type=Path, default=default_folder())
    return parser.parse_known_args(arguments)[0].tools.resolve()


if __name__ == "__main__":
    main()
