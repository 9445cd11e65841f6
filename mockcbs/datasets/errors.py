"""Errors in dataset files."""

from mockcbs.core.files import FileError


class DatasetError(FileError):
    """A dataset is not valid; the message names the file, the line and the accepted values."""
