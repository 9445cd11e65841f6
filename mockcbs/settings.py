"""All settings of a user, in two typed classes.

A new setting is one field here. The flag of ``mockcbs serve``, its ``MOCKCBS_…`` variable and its row in
`docs/settings.md` are made from it.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from mockcbs.core.clock import instant
from mockcbs.core.errors import UserError
from mockcbs.core.setting import check, setting

DefaultStart = Literal["epoch", "week"]
GatewayPrefix = Literal["APIG", "APIGW"]
WebhookProfile = Literal["coze", "standard"]
WEBHOOK_PROFILES: tuple[WebhookProfile, ...] = get_args(WebhookProfile)
OnMiss = Literal["mock", "fail"]
LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["text", "json"]

_EARLIEST, _LATEST = instant("2021-01-01"), instant("2099-12-31")


def starting_instant(text: str | int) -> int:
    """A start time of a clock as ms UTC; raises `UserError`."""
    try:
        at = instant(text)
    except ValueError as error:
        raise UserError(str(error)) from error
    if not _EARLIEST <= at <= _LATEST:
        seconds = "; is it in seconds?" if _EARLIEST <= 1000 * at <= _LATEST else ""
        raise UserError(f"{text!r} is not between 2021 and 2099{seconds}")
    return at


@dataclass(frozen=True)
class Settings:
    """The settings of the mock, in a test, with `create_app` or with ``mockcbs serve``.

    Raises `UserError` for a value that is not accepted.
    """

    seed: int = setting(42, "The number that all traffic is generated from.")
    dataset: str = setting(
        "everyday", "A dataset's name (`mockcbs datasets`) or a YAML file.", path=True, page="datasets.md"
    )
    now: int | str | None = setting(
        None,
        "Freezes the clock at this time: epoch ms, or ISO 8601 (UTC if it names no zone), 2021 to 2099.",
        parse=starting_instant,
        metavar="WHEN",
        unset="the dataset's, else real time",
    )
    tick: bool = setting(
        False,
        "Lets the clock run on from the time of --now or the dataset; without such a time it is an error.",
    )
    strict: bool = setting(
        False, "Accepts only tokens issued here, the configured keys and the dataset's bots."
    )
    hints: bool = setting(True, "Leaves out the header X-Mockcbs-Reason.")
    scenario: str | None = setting(
        None,
        "The scenario to play from the start: a name (`mockcbs scenarios`) or a YAML file.",
        path=True,
        unset="no scenario",
        page="scenarios.md",
    )
    control: bool = setting(True, "Does not serve the control API under /_mockcbs.", page="control.md")
    control_token: str | None = setting(
        None,
        "The token that calls of /_mockcbs must send in Authorization: Bearer; not with --no-control.",
        unset="no token is needed",
    )
    allow_host: str | None = setting(
        None,
        "More host names, separated by commas, for calls of /_mockcbs on a loopback address.",
        unset="names of this machine and of the emulated services",
        page="control.md",
    )
    journal_size: int = setting(1000, "The number of requests that the journal keeps.", bounds=(1, 1_000_000))
    memory: int = setting(
        512,
        "Memory for everything that clients create, in MB; more is refused with 503 and a reason.",
        bounds=(1, 1_000_000),
        page="limits.md",
    )
    cache: bool = setting(True, "Computes every response anew, without the response cache.")
    default_start: DefaultStart | None = setting(
        None,
        "The start of a statistics call without start_time: `epoch` is 1970, `week` is local midnight "
        "seven days before the end.",
        unset="the dataset's, else epoch",
    )
    lenient_interval: bool = setting(
        False, "Answers session-stats without interval by day; the real service refuses such a request."
    )
    gateway_prefix: GatewayPrefix = setting("APIG", "The prefix of the gateway's error codes.")
    pace: int = setting(0, "The pause between two events of a stream, in ms.", bounds=(0, 60_000))
    webhook: tuple[str, ...] = setting(
        (), "Delivers usage events to this URL; may be repeated.", metavar="URL", page="webhooks.md"
    )
    webhook_secret: str = setting(
        "mockcbs-verify-token", "Signs the deliveries of --webhook.", page="webhooks.md"
    )
    webhook_profile: WebhookProfile = setting(
        "coze",
        "The signatures of these deliveries: those of Coze, or of Standard Webhooks.",
        page="webhooks.md",
    )
    challenge: bool = setting(True, "Skips the challenge that checks the URLs of --webhook.")
    secret: str = setting(
        "mockcbs", "Signs the tokens issued here; servers with the same secret accept each other's tokens."
    )
    access_key: str = setting("MOCKCBSAK", "The access key (AK) for signatures.")
    secret_key: str = setting("mockcbs-secret-key", "The secret key (SK) of that access key.")
    iam_user: str = setting("mockcbs", "The only IAM user that gets a token with --strict.")
    iam_password: str = setting("mockcbs", "The IAM user's password.")
    iam_domain: str = setting("mockcbs", "The IAM user's account.")
    coze_token: str = setting("pat_mockcbs", "The personal access token of Coze that --strict accepts.")
    coze_client_id: str = setting("mockcbs.app.coze", "The client id of Coze's OAuth application.")
    coze_client_secret: str = setting("mockcbs-client-secret", "The client secret of that application.")
    feishu_app_id: str = setting("cli_mockcbs", "The app id of Feishu's app.", page="tables.md")
    feishu_app_secret: str = setting("mockcbs-app-secret", "The secret of that app.", page="tables.md")
    coze_public_key: str | None = setting(
        None,
        "A PEM file with the public key that checks the JWTs of Coze's OAuth.",
        path=True,
        exists=True,
        metavar="FILE",
        unset="any signature is accepted, unless --strict",
        page="coze.md",
    )

    tencent_client_id: str = setting(
        "mockcbs-docs", "The client id of Tencent Docs and corpid of WeCom that --strict accepts."
    )
    tencent_client_secret: str = setting(
        "mockcbs-docs-secret", "The secret of that client and of that corpid."
    )
    airtable_token: str = setting(
        "patmockcbs.mockcbs", "The personal access token of Airtable that --strict accepts."
    )

    def __post_init__(self) -> None:
        check(self)
        if self.control_token is not None and not self.control:
            wanted = "leave out --no-control (control=False), or the token"
            raise UserError(f"control_token (--control-token) needs the control API: {wanted}")

    @property
    def starts_at(self) -> int | None:
        """`now` as ms UTC."""
        return None if self.now is None else starting_instant(self.now)


@dataclass(frozen=True)
class ServerSettings:
    """The settings of the server of ``mockcbs serve``.

    Raises `UserError` for a value that is not accepted.
    """

    host: str = setting("127.0.0.1", "The address to listen on.")
    port: int = setting(8021, "The port to listen on; 0 picks a free one.", bounds=(0, 65535))
    tls: bool = setting(
        False, "Serves HTTPS with a new certificate, and prints the file of its CA.", page="tls.md"
    )
    tls_name: tuple[str, ...] = setting(
        (),
        "One more name in the certificate, beside localhost and the services' own hosts; repeatable.",
        metavar="NAME",
        page="tls.md",
    )
    tls_ca: str | None = setting(
        None,
        "Keeps the CA in this folder, so that it stays the same after a restart.",
        path=True,
        metavar="DIR",
        unset="a new CA at every start",
        page="tls.md",
    )
    tls_cert: str | None = setting(
        None,
        "Serves HTTPS with your own certificate: a PEM file, with its chain.",
        path=True,
        exists=True,
        metavar="FILE",
        unset="mockcbs makes one",
        page="tls.md",
    )
    tls_key: str | None = setting(
        None,
        "The key of --tls-cert: a PEM file.",
        path=True,
        exists=True,
        metavar="FILE",
        unset="it is in the file of --tls-cert",
        page="tls.md",
    )
    keep_alive: int = setting(
        75,
        "Seconds until a connection without requests is closed.",
        bounds=(1, 86_400),
        page="limits.md",
    )
    watch: bool = setting(
        False,
        "Reads the files of --dataset and --scenario again when they change, and logs the changes.",
        page="datasets.md",
    )
    workers: int = setting(
        1, "The number of processes that serve one mock; not on Windows.", bounds=(1, 64), page="workers.md"
    )
    state: str | None = setting(
        None,
        "Keeps what clients send and create after the server ends: in a file (or sqlite:///FILE), or in"
        " PostgreSQL, which replicas share (postgresql://USER:PASSWORD@HOST/DATABASE?schema=NAME).",
        path=True,
        metavar="FILE|URL",
        unset="memory",
        page="workers.md",
    )
    peer_port: int = setting(
        0,
        "The port for calls between replicas with --state postgresql://…; each of several workers"
        " takes the next one. 0 takes any free port.",
        bounds=(0, 65_535),
        page="replicas.md",
    )
    replay: str | None = setting(
        None,
        "Answers first from the recorded exchanges in this file.",
        path=True,
        metavar="FILE",
        unset="none",
        page="record.md",
    )
    on_miss: OnMiss = setting(
        "mock", "The response to a request without an exchange in --replay: the mock's, or an error (`fail`)."
    )
    access_log: bool = setting(False, "Logs every request with its status and time, not only problems.")
    log_level: LogLevel = setting("info", "The lowest level of messages in the log.")
    log_format: LogFormat = setting("text", "The format of the log on standard error.")
    quiet: bool = setting(False, "Prints only the base URL and, with --tls, the CA's file.")

    def __post_init__(self) -> None:
        check(self)
        self._check_tls()
        if self.on_miss == "fail" and self.replay is None:
            raise UserError("--on-miss fail needs recorded exchanges: add --replay FILE")

    @property
    def https(self) -> bool:
        """Whether the server speaks TLS; each of its TLS settings implies it."""
        return bool(self.tls or self.tls_name or self.tls_ca or self.tls_cert)

    def _check_tls(self) -> None:
        if self.tls_key and not self.tls_cert:
            raise UserError("--tls-key needs its certificate: add --tls-cert FILE")
        if self.tls_cert and (self.tls_name or self.tls_ca):
            other = "--tls-name" if self.tls_name else "--tls-ca"
            raise UserError(f"{other} is for certificates that mockcbs makes: leave it out, or --tls-cert")
