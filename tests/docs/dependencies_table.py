"""The table of `docs/dependencies.md`, made from what is installed.

``python -m tests.docs.dependencies_table`` rewrites it.
"""

import configparser
import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "dependencies.md"
BEGIN, END = "<!-- packages -->\n", "\n<!-- end -->"
LICENCES = {
    "bsd license": "BSD-3-Clause",
    "bsd-3-clause license": "BSD-3-Clause",
    "mit license": "MIT",
    "apache software license": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "psfl": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
}
"""Short names by what packages write in place of them, in small letters."""


def normal(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def direct() -> list[str]:
    """What a plain installation requires, by the names in setup.cfg."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    lines = config["options"]["install_requires"].splitlines()
    return [Requirement(line).name for line in lines if line.strip()]


def installed() -> dict[str, Distribution]:
    """The packages of a plain installation, those that others require included, by normal name."""
    found: dict[str, Distribution] = {}
    waiting = direct()
    while waiting:
        name = waiting.pop()
        if normal(name) in found:
            continue
        try:
            found[normal(name)] = one = distribution(name)
        except PackageNotFoundError:  # of another platform
            continue
        waiting += [needed.name for needed in _required(one)]
    return found


def _required(one: Distribution) -> Iterator[Requirement]:
    for needed in map(Requirement, one.requires or ()):
        if needed.marker is None or needed.marker.evaluate({"extra": ""}):
            yield needed


def licence(one: Distribution) -> str:
    """The licence that a package states: an SPDX expression if it has one."""
    stated = one.metadata.get("License-Expression") or " OR ".join(_classified(one))
    return stated or _short(one.metadata.get("License", ""))


def _classified(one: Distribution) -> list[str]:
    classifiers = [text for text in one.metadata.get_all("Classifier", ()) if text.startswith("License :: ")]
    return sorted(
        {_short(text.rpartition(" :: ")[2]) for text in classifiers if " :: OSI Approved ::" in text}
    )


def _short(stated: str) -> str:
    return LICENCES.get(stated.lower(), stated)


def megabytes(one: Distribution) -> float:
    """How much the files of a package take, without bytecode."""
    files = [Path(str(one.locate_file(file))) for file in one.files or () if file.suffix != ".pyc"]
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


def rows() -> Iterator[str]:
    """One row a package, the largest first."""
    own = {normal(name) for name in direct()}
    for name, one in sorted(installed().items(), key=lambda item: (-megabytes(item[1]), item[0])):
        needed = "" if name in own else "by others"
        yield f"| {name} | {megabytes(one):.1f} | {licence(one)} | {needed} |"


def page(text: str) -> str:
    """*text* of the page with its table made anew."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    head = "| package | MB | licence | required |\n|---|---:|---|---|\n"
    return before + begin + head + "\n".join(rows()) + end + after


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
