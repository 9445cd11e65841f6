"""How far the reading of a large file has come."""

import gc

import pytest
from marshmallow import fields

from mockcbs.core import progress
from mockcbs.core.files import FileError, StrictSchema, checked


class _Item(StrictSchema):
    n = fields.Integer()


class _File(StrictSchema):
    items = fields.List(fields.Nested(_Item))


LARGE = "items:\n" + "".join(f"- {{n: {number:080}}}\n" for number in range(6000))


def test_a_large_file():
    """Shares grow from the first step to 1, in many steps; garbage is collected as before afterwards."""
    shares = []

    with progress.listening(shares.append):
        checked(LARGE, "large.yaml", _File(), FileError)

    assert shares == sorted(shares)
    assert progress.PARSED in shares
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert len(shares) > 10
    assert gc.isenabled()


def test_a_small_file():
    """A small file is read without progress, because nobody waits for it."""
    shares = []

    with progress.listening(shares.append):
        checked(LARGE[:200].rpartition("\n")[0], "small.yaml", _File(), FileError)

    assert shares == []


def test_a_large_file_that_is_wrong():
    """The error names the line, and garbage collection continues as before."""
    with pytest.raises(FileError, match=r"large.yaml:6002: items\[6000\].m: unknown key"):
        checked(f"{LARGE}- {{m: 1}}\n", "large.yaml", _File(), FileError)

    assert gc.isenabled()
