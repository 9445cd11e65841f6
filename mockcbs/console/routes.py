"""The blueprints of the console and the explorer."""

from flask import Blueprint

from mockcbs.console import explorer as docs
from mockcbs.console import views
from mockcbs.control import routes  # noqa: F401 - the documents that the explorer shows need all routes


def console() -> Blueprint:
    """The pages of the console."""
    return views.blp


def explorer() -> Blueprint:
    """The pages of the explorer."""
    return docs.blp
