"""Where tools are kept; imported before anything is installed."""

import os
from pathlib import Path


def default_folder() -> Path:
    """A folder in the user's cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "mockcbs-benchmarks"
