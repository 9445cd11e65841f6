"""The metrics as Prometheus reads them."""

from prometheus_client.parser import text_string_to_metric_families

from mockcbs.control.metrics import exposition
from mockcbs.journal.metrics import Tally


def test_prometheus_reads_the_counts():
    """Calls, faults and a cumulative histogram of durations have labels and values."""
    tally = Tally()
    for seconds in (0.0004, 0.3, 30.0):
        tally.count_of(("cbs", "cbs.keywords"), 200).add(seconds)
    tally.add_fault("outage")

    families = text_string_to_metric_families(exposition(tally, {}).decode())
    samples = {(s.name, *sorted(s.labels.values())): s.value for family in families for s in family.samples}

    assert samples["mockcbs_requests_total", "200", "cbs", "cbs.keywords"] == 3
    assert samples["mockcbs_faults_total", "outage"] == 1
    bucket = "mockcbs_request_seconds_bucket"
    assert samples[bucket, "0.0005", "cbs", "cbs.keywords"] == 1
    assert samples[bucket, "1.0", "cbs", "cbs.keywords"] == 2
    assert samples[bucket, "+Inf", "cbs", "cbs.keywords"] == 3
    assert samples["mockcbs_request_seconds_sum", "cbs", "cbs.keywords"] == 30.3004
