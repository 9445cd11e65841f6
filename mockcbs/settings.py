"""Everything a user can set, in two typed objects.

A new setting is one field here: the flag of ``mockcbs serve``, its ``MOCKCBS_…`` variable and its row of
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
    """When a clock may start, as ms UTC; raises `UserError`."""
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
    """What the mock is and does, wherever it runs: in a test, behind `create_app`, behind ``mockcbs serve``.

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
        False, "Lets a clock set by --now or the dataset run on; refused if neither sets one."
    )
    strict: bool = setting(
        False, "Accepts only tokens issued here, the configured keys and the dataset's bots."
    )
    hints: bool = setting(True, "Leaves out the header X-Mockcbs-Reason.")
    scenario: str | None = setting(
        None,
        "What goes wrong from the start: a scenario's name (`mockcbs scenarios`) or a YAML file.",
        path=True,
        unset="nothing goes wrong",
        page="scenarios.md",
    )
    control: bool = setting(True, "Does not serve the control API under /_mockcbs.", page="control.md")
    control_token: str | None = setting(
        None,
        "What callers of /_mockcbs must send as Authorization: Bearer; not with --no-control.",
        unset="none is needed",
    )
    allow_host: str | None = setting(
        None,
        "More names, separated by commas, that Host may hold in calls of /_mockcbs on a loopback address.",
        unset="names of this machine and of the emulated services",
        page="control.md",
    )
    journal_size: int = setting(1000, "How many requests the journal keeps.", bounds=(1, 1_000_000))
    memory: int = setting(
        512,
        "Memory for everything that clients make, in MB; what does not fit is refused with 503 and a reason.",
        bounds=(1, 1_000_000),
        page="limits.md",
    )
    cache: bool = setting(
        True, "Computes every response anew; normally a repeated read comes from the response cache."
    )
    default_start: DefaultStart | None = setting(
        None,
        "What a statistics call without start_time means: `epoch` is 1970, `week` is local midnight "
        "seven days before the end.",
        unset="the dataset's, else epoch",
    )
    lenient_interval: bool = setting(
        False, "Answers session-stats without interval by day; the service refuses such a request."
    )
    gateway_prefix: GatewayPrefix = setting("APIG", "How error codes of the gateway begin.")
    pace: int = setting(0, "Pause between two events of a stream, in ms.", bounds=(0, 60_000))
    webhook: tuple[str, ...] = setting(
        (), "Delivers usage events to this URL; may be repeated.", metavar="URL", page="webhooks.md"
    )
    webhook_secret: str = setting(
        "mockcbs-verify-token", "Signs the deliveries of --webhook.", page="webhooks.md"
    )
    webhook_profile: WebhookProfile = setting(
        "coze", "How these deliveries are signed: as Coze does, or by Standard Webhooks.", page="webhooks.md"
    )
    challenge: bool = setting(True, "Does not check the URLs of --webhook by a challenge.")
    secret: str = setting(
        "mockcbs", "Signs the tokens issued here; servers with the same secret accept each other's."
    )
    access_key: str = setting("MOCKCBSAK", "The AK that clients sign with.")
    secret_key: str = setting("mockcbs-secret-key", "The SK of that AK.")
    iam_user: str = setting("mockcbs", "The IAM user that gets a token when --strict.")
    iam_password: str = setting("mockcbs", "The IAM user's password.")
    iam_domain: str = setting("mockcbs", "The IAM user's account.")
    coze_token: str = setting("pat_mockcbs", "The personal access token of Coze when --strict.")
    coze_client_id: str = setting("mockcbs.app.coze", "The client id of Coze's OAuth application.")
    coze_client_secret: str = setting("mockcbs-client-secret", "The client secret of that application.")
    feishu_app_id: str = setting("cli_mockcbs", "The app id of Feishu's app.", page="tables.md")
    feishu_app_secret: str = setting("mockcbs-app-secret", "The secret of that app.", page="tables.md")
    coze_public_key: str | None = setting(
        None,
        "A PEM file: the public key that JWTs of Coze's OAuth must be signed for.",
        path=True,
        exists=True,
        metavar="FILE",
        unset="any signature is accepted, unless --strict",
        page="coze.md",
    )

    tencent_client_id: str = setting(
        "mockcbs-docs", "The client of Tencent Docs when --strict; WeCom's corpid too."
    )
    tencent_client_secret: str = setting(
        "mockcbs-docs-secret", "The secret of that client, or of that corpid."
    )
    airtable_token: str = setting(
        "patmockcbs.mockcbs", "The personal access token of Airtable when --strict."
    )

    def __post_init__(self) -> None:
        check(self)
        if self.control_token is not None and not self.control:
            wanted = "set control (leave out --no-control), or no token"
            raise UserError(f"control_token (--control-token) guards what is not served: {wanted}")

    @property
    def starts_at(self) -> int | None:
        """`now` as ms UTC."""
        return None if self.now is None else starting_instant(self.now)


@dataclass(frozen=True)
class ServerSettings:
    """How ``mockcbs serve`` serves the mock.

    Raises `UserError` for a value that is not accepted.
    """

    host: str = setting("127.0.0.1", "Address to listen on.")
    port: int = setting(8021, "Port to listen on; 0 picks a free one.", bounds=(0, 65535))
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
        "Keeps the CA in this folder, so that it is the same at the next start.",
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
        unset="one is made",
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
        "Seconds after which a connection without a request is closed.",
        bounds=(1, 86_400),
        page="limits.md",
    )
    watch: bool = setting(
        False,
        "Reads the files of --dataset and --scenario again when they change, and logs what changed.",
        page="datasets.md",
    )
    workers: int = setting(
        1, "Processes that serve as one mock; not on Windows.", bounds=(1, 64), page="workers.md"
    )
    state: str | None = setting(
        None,
        "Keeps what clients send and create, also after the end: in a file (or sqlite:///FILE), or in"
        " PostgreSQL, which replicas share (postgresql://USER:PASSWORD@HOST/DATABASE?schema=NAME).",
        path=True,
        metavar="FILE|URL",
        unset="memory",
        page="workers.md",
    )
    peer_port: int = setting(
        0,
        "The port on which replicas with --state postgresql://… answer each other; each of several workers"
        " takes the next one. 0 takes any that is free.",
        bounds=(0, 65_535),
        page="replicas.md",
    )
    replay: str | None = setting(
        None,
        "Answers from the exchanges of this file first.",
        path=True,
        metavar="FILE",
        unset="none",
        page="record.md",
    )
    on_miss: OnMiss = setting(
        "mock", "What answers a request that --replay has no exchange for: the mock, or an error (`fail`)."
    )
    access_log: bool = setting(False, "Logs every request with its status and time, not only what is wrong.")
    log_level: LogLevel = setting("info", "What the log has: everything from this level on.")
    log_format: LogFormat = setting("text", "How the log is written to standard error.")
    quiet: bool = setting(False, "Prints only the base URL and, with --tls, the CA's file.")

    def __post_init__(self) -> None:
        check(self)
        self._check_tls()
        if self.on_miss == "fail" and self.replay is None:
            raise UserError(
                "--on-miss fail is about requests that --replay has no exchange for: add --replay FILE"
            )

    @property
    def https(self) -> bool:
        """Whether the server speaks TLS: each of its settings asks for it."""
        return bool(self.tls or self.tls_name or self.tls_ca or self.tls_cert)

    def _check_tls(self) -> None:
        if self.tls_key and not self.tls_cert:
            raise UserError("--tls-key is the key of --tls-cert: add --tls-cert FILE")
        if self.tls_cert and (self.tls_name or self.tls_ca):
            other = "--tls-name" if self.tls_name else "--tls-ca"
            raise UserError(f"{other} is about certificates that mockcbs makes: leave out it or --tls-cert")
