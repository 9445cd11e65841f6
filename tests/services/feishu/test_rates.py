"""Rate limits, which count with --strict only."""

import pytest

from mockcbs import Mock
from mockcbs.core.errors import ApiError
from mockcbs.services.feishu import rates


@pytest.fixture
def second(monkeypatch):
    """Sets the second that limits see."""

    def at(seconds):
        monkeypatch.setattr(rates.time, "time", lambda: seconds)

    at(1000.0)
    return at


@pytest.fixture
def strict():
    with Mock(strict=True).app.test_request_context("/open-apis/im/v1/chats"):
        yield


def refused(check, *names):
    with pytest.raises(ApiError) as error:
        check(*names)
    return error.value.spec.code


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize(
    ("check", "name", "limit", "code"),
    [
        (rates.check_call, "feishu.list_records", 20, "99991400"),
        (rates.check_call, "feishu.create_record", 50, "99991400"),
        (rates.check_chat, "oc_1", 5, "230020"),
        (rates.check_hook, "mine", 5, "11232"),
    ],
)
def test_one_more_than_the_limit_is_refused(second, check, name, limit, code):
    """One call over the limit of a second is refused; each second and each name is counted separately."""
    for _ in range(limit):
        check(name)

    assert refused(check, name) == code
    check("feishu.update_table" if check is rates.check_call else "other")
    second(1001.0)
    check(name)


@pytest.mark.usefixtures("strict")
def test_a_custom_bot_has_a_limit_a_minute_too(second):
    """A custom bot accepts a hundred messages a minute, in any distribution."""
    for number in range(100):
        second(1020.0 + number // 5)
        rates.check_hook("mine")

    second(1059.0)
    assert refused(rates.check_hook, "mine") == "11232"


def test_an_open_mock_has_no_limits(second):
    """An open mock accepts any number of calls in a second."""
    second(1000.0)
    with Mock().app.test_request_context("/open-apis/im/v1/chats"):
        for _ in range(10):
            rates.check_chat("oc_1")
