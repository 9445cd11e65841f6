"""A mock as a decorator: of functions, coroutines, generators and test classes."""

import inspect
import unittest
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractContextManager
from functools import wraps
from typing import Any, TypeVar

_T = TypeVar("_T")

_Entered = AbstractContextManager[Any]

_TEST_PREFIX = "test"


def decorated(mock: _Entered, target: _T) -> _T:
    """*target* with every call inside *mock*; raises `TypeError` if *target* cannot be decorated."""
    made: Any = _class(mock, target) if isinstance(target, type) else _callable(mock, target)
    return made  # type: ignore[no-any-return]  # as its own type: wraps() keeps the signature


def _class(mock: _Entered, target: type) -> type:
    """Decorate a test class: a TestCase from setUp to tearDown, another class in each test method."""
    if issubclass(target, unittest.TestCase):
        names = ["run", "debug"]
    else:
        names = [name for name in dir(target) if name.startswith(_TEST_PREFIX)]
    wrapped = 0
    for name in names:
        found = inspect.getattr_static(target, name)
        if not isinstance(found, type) and (callable(found) or isinstance(found, classmethod)):
            setattr(target, name, _callable(mock, found))
            wrapped += 1
    if not wrapped:
        raise TypeError(
            f"Mock cannot decorate {target.__qualname__}: a class must be a TestCase, "
            f"or have methods whose names begin with {_TEST_PREFIX!r}; decorate its methods instead"
        )
    return target


def _callable(mock: _Entered, target: Any) -> Any:
    if isinstance(target, staticmethod | classmethod):
        return type(target)(_callable(mock, target.__func__))
    module = type(target).__module__
    if module.startswith("_pytest."):
        raise TypeError("Mock cannot decorate a pytest fixture: write @Mock(...) below @pytest.fixture")
    if not callable(target):
        raise TypeError(
            f"Mock cannot decorate {target!r}: "
            "give a function, a coroutine function, a generator or a test class"
        )
    return wraps(target)(_kind(target)(mock, target))


def _kind(target: Callable[..., Any]) -> Callable[[_Entered, Callable[..., Any]], Callable[..., Any]]:
    if inspect.iscoroutinefunction(target):
        return _coroutine
    if inspect.isasyncgenfunction(target):
        return _async_generator
    return _generator if inspect.isgeneratorfunction(target) else _function


def _function(mock: _Entered, function: Callable[..., Any]) -> Callable[..., Any]:
    def inside(*args: Any, **kwargs: Any) -> Any:
        with mock:
            result = function(*args, **kwargs)
        if inspect.isawaitable(result) or inspect.isgenerator(result) or inspect.isasyncgen(result):
            # The result would run after the mock has ended, and call the real hosts.
            if close := getattr(result, "close", None):
                close()
            name = getattr(function, "__qualname__", repr(function))
            raise TypeError(
                f"Mock cannot decorate {name}, as what it returns runs later; "
                "decorate the coroutine function or generator itself"
            )
        return result

    return inside


def _coroutine(mock: _Entered, function: Callable[..., Any]) -> Callable[..., Any]:
    async def inside(*args: Any, **kwargs: Any) -> Any:
        with mock:
            return await function(*args, **kwargs)

    return inside


def _generator(mock: _Entered, function: Callable[..., Any]) -> Callable[..., Any]:
    def inside(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        with mock:
            return (yield from function(*args, **kwargs))

    return inside


def _async_generator(mock: _Entered, function: Callable[..., Any]) -> Callable[..., Any]:
    async def inside(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        with mock:
            inner = function(*args, **kwargs)
            try:
                item = await anext(inner)
                while True:
                    try:
                        sent = yield item
                    except GeneratorExit:
                        raise
                    except BaseException as error:  # noqa: BLE001 - as `yield from` does for generators
                        item = await inner.athrow(error)
                    else:
                        item = await inner.asend(sent)
            except StopAsyncIteration:
                return
            finally:
                await inner.aclose()

    return inside
