"""Imports that take seconds."""

import warnings
from importlib import import_module
from typing import Any


class Lazily:
    """A module that is imported when it is first used, and so by no run that leaves its tests out."""

    def __init__(self, name: str):
        self._name = name

    def __getattr__(self, name: str) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return getattr(import_module(self._name), name)
