"""The folder of the installed tools. This module imports nothing that has to be installed."""

import os
from pathlib import Path


def default_folder() -> Path:
    """The default folder, in the user's cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "mockcbs-benchmarks"
