"""The daily report (自动日报): the figures of the previous day, sent at a time of day (contract coze 1.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from mockcbs.services.reporting import Messenger, OutgoingMessage, ReportError, Session
from mockcbs.traffic.periods import DAY, HOUR

SLOW_MS = 10_000
"""Runs that take longer than this are slow, in ms; equal is not slow."""


@dataclass(frozen=True)
class Destination:
    """The destination of a report: the hook of a custom bot, a chat, or a mail address."""

    hook: str = ""
    """The token of the hook."""
    secret: str = ""
    """The secret that signs messages to the hook; empty for a hook without signature."""
    chat: str = ""
    mail: str = ""
    sender: str = "mockcbs@localhost"
    smtp: str = ""
    """The mail server as ``host:port``."""
    url: str = ""
    """The base URL for hook and chat; an empty text means this mock."""
    credentials: Mapping[str, str] = field(default_factory=dict)
    """The credentials of the service, for a chat."""
    service: str = ""
    """The service of hook and chat; an empty text means the first that sends messages."""


@dataclass(frozen=True)
class DailyReport:
    """One report that is sent every day."""

    id: str
    to: Destination
    name: str = "日报"
    minutes: int = 9 * 60
    """The time of day in minutes since midnight of the zone."""
    offset: int = 8 * HOUR
    """The offset of the zone from UTC, in ms."""
    workflows: tuple[str, ...] = ()
    """Ids of workflows; an empty tuple means all workflows of the dataset."""
    form: Literal["text", "card"] = "text"
    scope: str = ""
    """The scope whose recorded runs are counted beside generated ones; empty for that of the configured
    token.
    """

    def due(self, since: int, until: int) -> list[int]:
        """The days (since 1970, in its zone) whose reports are due after *since* and up to *until* (ms
        UTC).
        """
        at = self.minutes * 60_000 - self.offset
        first, last = (since - at) // DAY + 1, (until - at) // DAY
        return [day - 1 for day in range(first, last + 1)]

    def span(self, day: int) -> tuple[int, int]:
        """The start and the end of a day of its zone, ms UTC."""
        return day * DAY - self.offset, (day + 1) * DAY - self.offset


class Figures(NamedTuple):
    """The key figures of one workflow, or of all."""

    name: str
    calls: int
    users: int
    mean_ms: float
    error_rate: float
    """0 to 1."""
    slow: int

    @property
    def line(self) -> str:
        """The figures in one line."""
        return (
            f"{self.name}: 调用 calls {self.calls}, 用户 users {self.users}, "
            f"平均 mean {self.mean_ms:.2f} ms, 错误率 error rate {100 * self.error_rate:.2f} %, "
            f"慢 slow {self.slow}"
        )


def text(report: DailyReport, date: str, rows: Sequence[Figures]) -> str:
    """The text of the report: its name, the day, a line for each workflow, and a line for all."""
    return "\n".join([f"{report.name} {date}", *(row.line for row in rows)])


def message(report: DailyReport, words: str, once: str, now: int) -> OutgoingMessage:
    """The message with *words* at *now* (ms UTC). *once* identifies this sending."""
    return OutgoingMessage(
        to=report.to.hook or report.to.chat or report.to.mail,
        title=report.name,
        text=words,
        once=once,
        at=now,
        as_card=report.form == "card",
        secret=report.to.secret,
        credentials=report.to.credentials,
    )


def send(session: Session, messenger: Messenger, to: Destination, message: OutgoingMessage) -> None:
    """Send a message. Raises `ReportError` if that fails."""
    import smtplib  # noqa: PLC0415 - neither is needed before a report is sent

    import httpx  # noqa: PLC0415

    try:
        if to.mail:
            _by_mail(to, message.title, message.text)
        elif to.hook:
            messenger.to_hook(session, message)
        else:
            messenger.to_chat(session, message)
    except (httpx.HTTPError, smtplib.SMTPException, OSError) as error:
        raise ReportError(f"{type(error).__name__}: {error}") from error


def _by_mail(to: Destination, subject: str, words: str) -> None:
    import smtplib  # noqa: PLC0415
    from email.message import EmailMessage  # noqa: PLC0415

    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = to.sender, to.mail, subject
    mail.set_content(words)
    host, _, port = to.smtp.rpartition(":")
    with smtplib.SMTP(host, int(port), timeout=5) as server:
        server.send_message(mail)
