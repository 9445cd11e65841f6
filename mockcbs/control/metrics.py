"""The metrics in the format of Prometheus."""

from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

from mockcbs.journal.metrics import SECONDS, Tally

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class _Collector:
    """Passes the metrics to Prometheus' client library."""

    def __init__(self, tally: Tally, deliveries: Mapping[str, int]) -> None:
        self._tally, self._deliveries = tally, deliveries

    def collect(self) -> Iterator[Any]:
        """All metric families."""
        from prometheus_client.metrics_core import (  # noqa: PLC0415 - only a scrape needs it
            CounterMetricFamily,
            GaugeMetricFamily,
            HistogramMetricFamily,
        )

        figures = self._tally.figures()
        labels = ["service", "operation"]
        calls = CounterMetricFamily("mockcbs_requests", "Calls answered.", labels=[*labels, "status"])
        for key, count in sorted(figures.calls.items()):
            calls.add_metric(key, count)
        yield calls
        faults = CounterMetricFamily("mockcbs_faults", "Calls a scenario touched.", labels=["scenario"])
        for name, count in sorted(figures.faults.items()):
            faults.add_metric([name], count)
        yield faults
        took = HistogramMetricFamily("mockcbs_request_seconds", "Time to make an answer.", labels=labels)
        bounds = [*map(str, SECONDS), "+Inf"]
        for kind, counts in sorted(figures.durations.items()):
            classes = list(zip(bounds, map(float, accumulate(counts)), strict=True))
            took.add_metric(kind, classes, figures.seconds[kind])
        yield took
        states = GaugeMetricFamily("mockcbs_deliveries", "Webhook deliveries by state.", labels=["state"])
        for state, count in sorted(self._deliveries.items()):
            states.add_metric([state], count)
        yield states
        text = "1 for each worker or replica that did not respond: its calls are left out."
        incomplete = GaugeMetricFamily("mockcbs_incomplete", text, labels=["replica"])
        for name in figures.missing:
            incomplete.add_metric([name], 1)
        yield incomplete


def exposition(tally: Tally, deliveries: Mapping[str, int]) -> bytes:
    """The body of the response to Prometheus. *deliveries* are the numbers of webhook deliveries by state."""
    from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415

    registry = CollectorRegistry()
    registry.register(_Collector(tally, deliveries))
    return generate_latest(registry)
