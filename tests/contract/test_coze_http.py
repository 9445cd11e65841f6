"""Every response of Coze."""

from mockcbs import Settings, create_app
from mockcbs.contract.coze import Coze
from mockcbs.contract.opening import open_kit
from mockcbs.contract.options import Options
from tests.conftest import NOW


def test_a_clock_that_stands_still_is_noticed(serve):
    """The kit requests the days of a server whose clock is frozen in another year, unless the user names
    days.
    """
    url = serve(create_app(Settings(dataset="coze-sample")))

    frozen, told = open_kit(Options(coze=url)), open_kit(Options(coze=url, now=NOW))

    assert str(Coze.of(frozen).today) == "2025-12-22"
    assert str(Coze.of(told).today) == "2026-11-22"
