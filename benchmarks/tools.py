"""Installs contenders from npm, PyPI and Debian into one folder outside the checkout."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import click

_TIMEOUT = 600
"""The time limit of an installation, in s."""


class MissingError(Exception):
    """A tool that cannot be installed, with the reason."""


@dataclass(frozen=True)
class Tools:
    """The folder into which tools are installed once."""

    folder: Path

    def npm(self, package: str, major: str) -> tuple[Path, str]:
        """The folder of an npm package and its version. Install scripts do not run, as they may download
        files.
        """
        home = self.folder / "npm" / package.strip("@").replace("/", "-")
        found = home / "node_modules" / package
        if not (found / "package.json").exists():
            command = [_program("npm", "nodejs npm"), "install", "--prefix", str(home)]
            quietly = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error"]
            _install(f"{package}@{major} from npm", [*command, *quietly, f"{package}@{major}"])
        version: str = json.loads((found / "package.json").read_text("utf-8"))["version"]
        return found, version

    def pypi(self, *packages: str) -> tuple[Path, list[str]]:
        """The Python of a venv with these packages, and their versions."""
        home = self.folder / "pypi" / packages[0]
        python = home / "bin" / "python"
        if not (home / "complete").exists():
            _install(f"a venv for {packages[0]}", [sys.executable, "-m", "venv", "--clear", str(home)])
            _install(
                f"{', '.join(packages)} from PyPI", [str(python), "-m", "pip", "install", "-q", *packages]
            )
            (home / "complete").touch()
        ask = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]))"
        names = [package.partition("[")[0] for package in packages]
        told = subprocess.run([str(python), "-c", ask, *names], capture_output=True, text=True, check=True)
        return python, told.stdout.split()

    def debian(self, program: str, *packages: str) -> list[str]:
        """The path of a program: the machine's own, or one that is unpacked from Debian's packages."""
        if found := shutil.which(program) or shutil.which(program, path="/usr/sbin"):
            return [found]
        home = self.folder / "debian" / program
        if not (home / "complete").exists():
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir(parents=True)
            download = [_program("apt-get", ""), "download", "-q", *packages]
            _install(f"{', '.join(packages)} from Debian", download, home)
            for file in home.glob("*.deb"):
                _install(file.name, ["dpkg", "-x", str(file), str(home)])
            (home / "complete").touch()
        unpacked = [file for file in home.glob(f"usr/*bin/{program}") if file.is_file()]
        libraries = ":".join(sorted({str(file.parent) for file in home.glob("usr/lib/**/*.so*")}))
        if not unpacked:
            raise MissingError(f"Debian's {packages[0]} has no {program}: apt-get install {packages[0]}")
        return ["env", f"LD_LIBRARY_PATH={libraries}", str(unpacked[0])]

    @staticmethod
    def java() -> str:
        """The path of the machine's Java."""
        return _program("java", "default-jre-headless")

    @staticmethod
    def node() -> str:
        """The path of the machine's Node."""
        return _program("node", "nodejs npm")


def runtimes() -> dict[str, str]:
    """The versions of the installed runtimes of the contenders."""
    found = {}
    for name, flag in (("java", "-version"), ("node", "--version")):
        if program := shutil.which(name):
            told = subprocess.run([program, flag], capture_output=True, text=True, check=False)
            found[name] = (told.stdout or told.stderr).splitlines()[0]
    return found


def _program(name: str, package: str) -> str:
    found = shutil.which(name)
    if not found:
        raise MissingError(f"there is no {name}" + (f": apt-get install {package}" if package else ""))
    return found


def _install(what: str, command: list[str], folder: Path | None = None) -> None:
    click.echo(f"tools: installing {what}", err=True)
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=_TIMEOUT
        )
    except subprocess.TimeoutExpired as error:
        raise MissingError(f"installing {what} took more than {_TIMEOUT} s") from error
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-3:]
        raise MissingError(f"installing {what} failed: {' '.join(last)[:300]}")
