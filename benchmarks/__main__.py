"""`python benchmarks`: an ordinary install of this checkout in a venv of its own, and there `run.py`."""

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[1]
_PARTS = ("README.md", "LICENSE", "setup.cfg", "pyproject.toml", "mockcbs", "fixtures", "contract_tests")


def main() -> int:
    """Run the benchmarks as a user's install would run: not editable, with bytecode in place."""
    folder = _tools(sys.argv[1:]) / f"mockcbs-{sys.version_info[0]}.{sys.version_info[1]}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        print(f"tools: making {folder}", file=sys.stderr, flush=True)
        venv.create(folder, with_pip=True)
    print("tools: installing this checkout", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as copy:
        for part in _PARTS:
            _copy(_CHECKOUT / part, Path(copy) / part)
        install = [str(python), "-m", "pip", "install", "--quiet", f"{copy}[bench]"]
        done = subprocess.run(install, check=False, capture_output=True, text=True)
        if done.returncode:
            print(done.stderr, file=sys.stderr)
            return done.returncode
    with subprocess.Popen([str(python), str(Path(__file__).with_name("run.py")), *sys.argv[1:]]) as run:
        while True:
            try:
                return run.wait()
            except KeyboardInterrupt:
                continue  # it got the same signal, and stops its servers first


def _tools(arguments: list[str]) -> Path:
    """Where `--tools` says, else the user's cache."""
    for place, argument in enumerate(arguments):
        if argument == "--tools" and place + 1 < len(arguments):
            return Path(arguments[place + 1])
        if argument.startswith("--tools="):
            return Path(argument.removeprefix("--tools="))
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "mockcbs-benchmarks"


def _copy(source: Path, to: Path) -> None:
    """A build leaves traces beside what it builds; they shall not land in the checkout."""
    if source.is_dir():
        shutil.copytree(source, to, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, to)


if __name__ == "__main__":
    sys.exit(main())
