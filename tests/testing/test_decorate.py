"""@Mock on everything that can run inside a mock."""

import asyncio
import functools
import unittest

import pytest
import requests

from mockcbs import Mock
from tests.conftest import BOT, PROJECT

URL = f"https://cbs-ext.cn-north-4.myhuaweicloud.com/v1/{PROJECT}/qabots/{BOT}/requests/keywords"
mock = Mock(dataset="empty")


def status() -> int:
    return requests.get(URL, headers={"X-Auth-Token": "t"}, timeout=5).status_code


@mock
def function(extra):
    """Named."""
    return status(), extra


@mock
async def coroutine():
    await asyncio.sleep(0)
    return status()


@mock
def generator():
    sent = yield status()
    yield sent
    return "returned"


@mock
async def async_generator():
    try:
        sent = yield status()
        yield sent
    except ValueError as error:
        yield f"caught {error}"


class Methods:
    """Methods of every kind, with a helper between them."""

    def test_method(self):
        return self.helper()

    async def test_coroutine(self):
        return self.helper()

    @staticmethod
    def test_static():
        return status()

    @classmethod
    def test_class(cls):
        return status()

    def helper(self):
        return status()


def apply(later):
    """What the name says, at once."""
    return later()


def outside() -> bool:
    """Whether `requests` is as it was."""
    return requests.adapters.HTTPAdapter.send.__module__ == "requests.adapters"


def test_functions_keep_their_names():
    """A decorated function keeps its name, documentation, arguments and values."""
    assert function("x") == (200, "x")
    assert (function.__name__, function.__doc__) == ("function", "Named.")
    assert outside()


def test_coroutines():
    """The mock is entered until the coroutine has ended."""
    assert asyncio.iscoroutinefunction(coroutine)
    assert asyncio.run(coroutine()) == 200
    assert outside()


def test_generators():
    """Values are sent and returned as without a mock."""
    running = generator()

    assert next(running) == 200
    assert running.send("sent") == "sent"
    with pytest.raises(StopIteration, match="returned"):
        next(running)
    assert outside()


def test_asynchronous_generators():
    """Values and errors are sent in as without a mock, and a generator that is closed leaves it."""

    async def use():
        running, thrown, closed = (async_generator() for _ in range(3))
        found = [await anext(running), await running.asend("sent"), [item async for item in running]]
        found += [await anext(thrown), await thrown.athrow(ValueError("it"))]
        await thrown.aclose()
        found.append(await anext(closed))
        await closed.aclose()
        return found

    assert asyncio.run(use()) == [200, "sent", [], 200, "caught it", 200]
    assert outside()


def test_classes():
    """Each test method is one call, and helpers run within it."""
    cls = mock(Methods)
    made = cls()

    assert cls is Methods
    assert [made.test_method(), asyncio.run(made.test_coroutine()), cls.test_static(), cls.test_class()] == [
        200
    ] * 4
    assert outside()


def test_test_cases_run_from_set_up_to_tear_down():
    """All tests of a decorated TestCase are found, synchronous or not; each has a fresh journal."""
    seen = []

    @mock
    class Case(unittest.TestCase):
        def setUp(self):
            seen.append(("setUp", status()))

        def test_one(self):
            seen.append(("one", status(), len(mock.journal)))

        def test_two(self):
            seen.append(("two", status(), len(mock.journal)))

        def tearDown(self):
            seen.append(("tearDown", status()))

    @mock
    class Asynchronous(unittest.IsolatedAsyncioTestCase):
        async def test_three(self):
            seen.append(("three", status(), len(mock.journal)))

    result = unittest.TestResult()
    for case in (Case, Asynchronous):
        unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)

    assert (result.testsRun, result.errors, result.failures) == (3, [], [])
    assert [row for row in seen if row[0] in {"one", "two", "three"}] == [
        ("one", 200, 2),
        ("two", 200, 2),
        ("three", 200, 1),
    ]
    assert [row for row in seen if row[0] in {"setUp", "tearDown"}] == [("setUp", 200), ("tearDown", 200)] * 2
    assert outside()


@pytest.mark.parametrize(
    ("target", "told"),
    [
        (5, "cannot decorate 5: give a function"),
        (type("Empty", (), {"work": print}), "cannot decorate Empty: a class must be a TestCase"),
        (property(str), "cannot decorate <property"),
        (pytest.fixture(lambda: 5), "below @pytest.fixture"),
    ],
    ids=["a number", "no tests", "property", "fixture"],
)
def test_what_cannot_be_decorated(target, told):
    """The TypeError names what can be decorated."""
    with pytest.raises(TypeError, match=told):
        mock(target)


@pytest.mark.parametrize("later", [coroutine.__wrapped__, generator.__wrapped__, async_generator.__wrapped__])
def test_what_runs_later_is_no_silent_success(later):
    """A plain function that returns a coroutine or a generator would call the real hosts: TypeError."""
    with pytest.raises(TypeError, match="what it returns runs later"):
        mock(functools.partial(apply, later))()
    assert outside()


def test_partials():
    """A partial of a coroutine function is decorated as a coroutine function."""
    assert asyncio.run(mock(functools.partial(coroutine.__wrapped__))()) == 200


def test_async_with():
    """``async with`` works as ``with``, and each time begins anew."""

    async def use():
        async with mock as entered:
            assert entered is mock
            status()
            return len(mock.journal)

    assert [asyncio.run(use()), asyncio.run(use())] == [1, 1]
    assert outside()
