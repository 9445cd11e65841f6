"""The sample data, and what tests of cozepy do with either client."""

import inspect

import pytest
from cozepy import (
    CozeAPIError,
    Message,
)

BOT, DRAFT, FOREIGN = "7342866812345678901", "7342866812345678902", "7342866812345678903"
RUN, ASK, TALK, UNPUBLISHED = (f"738958910358870000{number}" for number in range(1, 5))
KNOWN, ANSWER = "桌面云打不开", "请先确认网络正常"


class Awaited:
    """The async client, or a part of it, with every call awaited: it can be used as the sync one."""

    def __init__(self, part, loop):
        self._part, self._loop = part, loop

    def __getattr__(self, name):
        found = getattr(self._part, name)
        return Awaited(found, self._loop) if callable(found) or hasattr(found, "__dict__") else found

    def __call__(self, *arguments, **members):
        """What the call brings, once it has."""
        made = self._part(*arguments, **members)
        if inspect.isasyncgen(made):
            return self._loop.run_until_complete(_collected(made))
        made = self._loop.run_until_complete(made) if inspect.isawaitable(made) else made
        return Pages(made, self._loop) if hasattr(made, "__aiter__") else made


class Pages:
    """Pages that are read with await, as a list."""

    def __init__(self, pages, loop):
        self._pages, self._loop = pages, loop

    def __getattr__(self, name):
        return getattr(self._pages, name)

    def __iter__(self):
        return iter(self._loop.run_until_complete(_collected(self._pages)))


async def _collected(items):
    return [item async for item in items]


def ask(text):
    return [Message.build_user_question_text(text)]


def code_of(call, *arguments, **members):
    with pytest.raises(CozeAPIError) as caught:
        call(*arguments, **members)
    assert caught.value.logid
    return caught.value.code
