"""The stall meter: what it counts as met, and that it can measure a case."""

import io
from types import SimpleNamespace

import pytest
import stall_cases
import stalls

from mockcbs import Settings, create_app


def test_waits():
    """A summary has the median, the 99th percentile and the maximum of all times."""
    assert stalls.Waits.of([float(number) for number in range(200)][::-1]) == stalls.Waits(
        100.0, 198.0, 199.0
    )


@pytest.mark.parametrize(
    ("p99", "worst", "met"), [(10.0, 60.0, True), (10.1, 11.0, False), (9.0, 61.0, False), (2.0, 2.0, True)]
)
def test_what_is_met(p99, worst, met):
    """The limits are five times the 99th percentile of an idle server, and 50 ms more than it for any
    request.
    """
    idle, beside = stalls.Waits(1.0, 2.0, 3.0), stalls.Waits(1.0, p99, worst)

    finding = stalls.Finding("x", 1.0, {"ready": idle, "stats": idle}, {"ready": idle, "stats": beside})

    assert finding.met is met
    assert finding.row()[-1] == ("met" if met else "**missed**")


class InProcess:
    """Sends the requests of a case to a mock in process."""

    def __init__(self, app):
        self._client = app.test_client()
        self.connection = SimpleNamespace(request=self._ask, close=lambda: None)

    def __call__(self, method, path, body=None, headers=stall_cases.TOKEN):
        given = {"data": body} if isinstance(body, bytes) else {"json": body}
        answer = self._client.open(path, method=method, headers=headers, **given)
        return answer.status_code, answer.data

    def _ask(self, method, path):
        status, body = self(method, path)
        assert status == 200, body
        self.connection.getresponse = lambda: io.BytesIO(body)


@pytest.mark.parametrize("name", stall_cases.CASES)
def test_each_case_can_be_prepared_and_acted(name, monkeypatch, tmp_path):
    """The server of each case can be filled, and accepts what the slow client does."""
    few = 50
    for constant in ("ROWS", "CALLS", "SESSIONS"):
        monkeypatch.setattr(stall_cases, constant, few)
    fill = stall_cases.record
    monkeypatch.setattr(stall_cases, "record", lambda app, bot, turns: fill(app, bot, min(turns, few)))
    dataset = tmp_path / "small.yaml"
    dataset.write_text(stall_cases.DATASET.replace("14500", "40").replace("3500", "10"), "utf-8")
    case = stall_cases.CASES[name]
    app = create_app(Settings(dataset=str(dataset), now=stall_cases.NOW, **case.settings))
    if case.prepare:
        case.prepare(app)

    case.act(InProcess(app), 0)
