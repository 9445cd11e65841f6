"""What clients make, kept as documents of the caller's account."""

from dataclasses import dataclass

import pytest

from mockcbs import Mock
from mockcbs.services.coze.records import Records


@dataclass(frozen=True)
class Thing:
    """A record as services have them."""

    name: str
    tags: tuple[str, ...] = ()
    number: int = 0


THINGS = Records("test.thing", Thing)


@pytest.fixture
def called_by():
    """Runs a function as part of a request with that token."""
    app = Mock(dataset="coze-sample").app

    def call(token, function):
        with app.test_request_context(
            "/v1/users/me", headers={"Authorization": f"Bearer {token}"}
        ) as request:
            request.app.preprocess_request()
            return function()

    return call


def test_a_record_comes_back_as_it_was(called_by):
    """A record is read as it was stored, including tuples, which JSON does not have."""
    thing = Thing("a", ("x", "y"), 1)

    called_by("one", lambda: THINGS.put("key", thing))

    assert called_by("one", lambda: THINGS.get("key")) == thing
    assert called_by("one", lambda: THINGS.select(name="a")) == [thing]


def test_another_account_has_its_own(called_by):
    """An account neither reads nor deletes the records of another."""
    called_by("one", lambda: THINGS.put("key", Thing("a")))

    assert called_by("two", lambda: THINGS.get("key")) is None
    assert not called_by("two", lambda: THINGS.delete("key"))
    assert called_by("one", lambda: THINGS.delete("key"))
    assert not called_by("one", lambda: THINGS.delete("key"))


def test_pages_are_cut_from_what_was_found(called_by):
    """Pages list the records with the given members, the oldest first."""

    def put():
        for number in range(5):
            THINGS.put(f"{number}", Thing("even" if number % 2 == 0 else "odd", number=number))

    called_by("one", put)

    found = called_by("one", lambda: THINGS.select(name="even", page=slice(1, 3)))
    assert [thing.number for thing in found] == [2, 4]
