"""Pages that are asked for by number."""


def page(number: int, size: int) -> slice:
    """Where page *number*, counted from 1, of pages with *size* items lies in a list."""
    start = (number - 1) * size
    return slice(start, start + size)
