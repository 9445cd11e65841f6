"""What is wrong with a dataset file."""

from mockcbs.core.files import FileError


class DatasetError(FileError):
    """A dataset that cannot be read; the message names the file, the line and what is accepted."""
