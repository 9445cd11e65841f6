"""Daily reports."""

import json

from mockcbs.services.coze import analytics
from mockcbs.testing.webhooks import ReceiverServer
from tests.databases import free_port
from tests.reports.mocks import WORKFLOW, made


def test_three_days_three_reports(tmp_path):
    """Moving the clock over three mornings sends three reports, once each, with the API's figures."""
    with ReceiverServer() as receiver, made(tmp_path, to=f"hook: h1, url: '{receiver.url}'") as mock:
        receiver.respond_with(b'{"code":0,"msg":"success"}')
        client = mock.app.test_client()
        mock.clock.advance(days=3)
        texts = [json.loads(one.body)["content"]["text"] for one in receiver.received]
        day = 20_781  # 2026-11-24
        log = mock.state.log.bot(WORKFLOW, mock.clock.now)
        asked = analytics.Question(WORKFLOW, day, day, mock.clock.now, silent=True)
        summary = analytics.answer(log, asked)["summary"]
        shown = client.get("/_mockcbs/reports").json["reports"]

    assert [text.splitlines()[0] for text in texts] == [f"日报 2026-11-{day}" for day in (24, 25, 26)]
    assert f"calls {summary['total_calls']}, 用户 users {summary['unique_users']}," in texts[0]
    assert f"mean {summary['avg_response_time_ms']:.2f} ms" in texts[0]
    assert f"error rate {100 * summary['error_rate']:.2f} %" in texts[0]
    assert len(texts[0].splitlines()) == 3
    assert [report["at"] for report in shown] == ["09:00"]


def test_a_full_hour(tmp_path):
    """If Feishu refuses at nine (11232), the report is sent once, a minute later."""
    with made(tmp_path) as mock:
        mock.scenario("full-hour")
        mock.clock.advance(hours=23)
        client = mock.app.test_client()
        refused = client.get("/_mockcbs/messages").json["messages"]
        mock.scenario(None)
        for _ in range(3):
            mock.clock.advance(minutes=1)
        (sent,) = client.get("/_mockcbs/messages").json["messages"]

    assert refused == []
    assert "日报 2026-11-24" in json.dumps(sent, ensure_ascii=False)


def test_each_day_is_reported_once(tmp_path):
    """Odd steps, a clock set to the past, and one that goes back and on again report each day once."""
    with made(tmp_path) as mock:
        mock.clock.freeze("2026-03-01T02:00:00+08:00")
        mock.clock.advance(hours=6, minutes=59)
        mock.clock.advance(minutes=1)
        mock.clock.advance(days=2)
        mock.clock.freeze("2026-03-01T00:00:00+08:00")
        mock.clock.advance(days=4)
        messages = mock.app.test_client().get("/_mockcbs/messages").json["messages"]

    days = [message["text"].splitlines()[0] for message in messages]
    assert days == ["日报 2026-02-28", "日报 2026-03-01", "日报 2026-03-02", "日报 2026-03-03"]


def test_a_signed_hook_of_this_mock(tmp_path):
    """A report is signed by the clock of the mock, so that a hook with a secret takes it."""
    bots = "feishu: {hooks: [{token: my-hook, secret: demo}]}"
    with made(tmp_path, to="hook: my-hook, secret: demo", more=bots, now="2025-03-01T00:00:00Z") as mock:
        mock.clock.advance(days=1)
        (message,) = mock.app.test_client().get("/_mockcbs/messages").json["messages"]

    assert message["to"] == "my-hook"


def test_a_report_by_mail(tmp_path):
    """A report may go to a mail server."""
    from aiosmtpd.controller import Controller

    mails = []

    class Keep:
        """Keeps what comes."""

        async def handle_DATA(self, *call):  # noqa: N802 - aiosmtpd's name
            mails.append(call[-1])
            return "250 OK"

    port = free_port()
    controller = Controller(Keep(), hostname="127.0.0.1", port=port, ready_timeout=60)
    controller.start()
    try:
        to = f"mail: ops@example.com, smtp: '127.0.0.1:{port}'"
        with made(tmp_path, to=to) as mock:
            mock.clock.advance(days=1)
    finally:
        controller.stop()

    (mail,) = mails
    assert mail.rcpt_tos == ["ops@example.com"]
