"""Pages that are requested by number."""


def page(number: int, size: int) -> slice:
    """The slice of a list for page *number* (from 1) of *size* items."""
    start = (number - 1) * size
    return slice(start, start + size)
