"""The figures of Coze that follow from raw events."""

from mockcbs import Settings, create_app
from mockcbs.contract.coze import Coze
from mockcbs.contract.coze_figures import figures_of
from tests.contract.coze_kits import kit_of


def test_figures_of_documented_events():
    """The raw events of the documented sample give the documented figures."""
    coze = Coze.of(kit_of(create_app(Settings(dataset="coze-sample")), writes=False))

    figures = figures_of(coze.traced_events)

    assert {name: float(value) for name, value in figures.items()} == {
        "total_messages": 7,
        "total_calls": 4,
        "unique_users": 3,
        "total_sessions": 3,
        "success_rate": 0.75,
        "error_rate": 0.25,
        "avg_response_time_ms": 4500.0,
    }
