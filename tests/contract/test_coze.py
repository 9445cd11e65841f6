"""Reading Coze."""

from datetime import date

import pytest

from mockcbs import Settings, create_app
from mockcbs.contract.coze import Coze
from tests.contract.coze_kits import kit_of


@pytest.fixture
def coze():
    return Coze.of(kit_of(create_app(Settings(dataset="coze-sample")), writes=False))


def test_a_repeated_request_is_sent_once(coze):
    """Analytics that were read are kept, unless fresh ones are wanted."""
    first = coze.days_of(date(2025, 12, 15), date(2025, 12, 15))
    calls = coze.kit.calls

    again = coze.days_of(date(2025, 12, 15), date(2025, 12, 15))
    kept = coze.kit.calls
    coze.analytics(start_date=date(2025, 12, 15), end_date=date(2025, 12, 15), fresh=True)

    assert again is first
    assert (kept - calls, coze.kit.calls - calls) == (0, 1)


def test_the_span_holds_the_days_with_calls(coze):
    """The kit reads those days of the past on which the bot was called."""
    assert coze.span == (date(2025, 12, 15), date(2025, 12, 16))
