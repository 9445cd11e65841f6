"""The options of ``mockcbs contract``."""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from mockcbs.contract.accounts import VENDORS
from mockcbs.contract.credentials import Credentials
from mockcbs.contract.targets import CannotRunError
from mockcbs.core.urls import check_base_url
from mockcbs.services.gateway.projects import DEFAULT_PROJECT
from mockcbs.settings import Settings

DEFAULT_BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
DEFAULT_COZE_BOT = "7342866812345678901"
DEFAULT_COZE_WORKFLOW = "7389589103588700001"
DEFAULT_COZE_WORKSPACE = "7361424235321600001"
SERVERS = {
    "cbs": "https://cbs-ext.cn-north-4.myhuaweicloud.com",
    "coze": "https://api.coze.cn",
    "iam": "https://iam.cn-north-4.myhuaweicloud.com",
    **{name: service.url for name, service in VENDORS.items()},
}
"""The URL of each real service."""
_IDS = {
    "project_id": (r"[\w-]*", DEFAULT_PROJECT),
    "qabot_id": (r"[\w-]*", DEFAULT_BOT),
    "coze_bot_id": (r"[0-9]{0,20}", DEFAULT_COZE_BOT),
    "coze_workflow_id": (r"[0-9]{0,20}", DEFAULT_COZE_WORKFLOW),
    "coze_workspace_id": (r"[0-9]{0,20}", DEFAULT_COZE_WORKSPACE),
}
"""The pattern of each id, so that it cannot change a path, and an example."""
_ours = Settings()
OUR_CREDENTIALS = Credentials(
    access_key=_ours.access_key,
    secret_key=_ours.secret_key,
    iam_user=_ours.iam_user,
    iam_password=_ours.iam_password,
    iam_domain=_ours.iam_domain,
    coze_token=_ours.coze_token,
)


@dataclass(frozen=True)
class Options:
    """The values that the user chose; each field has the name of an option of ``mockcbs contract``."""

    cbs: str = ""
    """Base URL; if no service has a URL, the kit checks the mock in this process."""
    coze: str = ""
    feishu: str = ""
    airtable: str = ""
    tencent_docs: str = ""
    wecom: str = ""
    oss: str = ""
    webhooks: str = ""
    accounts: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Ids and credentials of these six services by the names of their options; empty if not given."""
    iam: str = ""
    project_id: str = ""
    qabot_id: str = ""
    token: str = field(default="", repr=False)
    ak: str = ""
    sk: str = field(default="", repr=False)
    iam_user: str = ""
    iam_password: str = field(default="", repr=False)
    iam_domain: str = ""
    coze_token: str = field(default="", repr=False)
    coze_bot_id: str = ""
    coze_workflow_id: str = ""
    coze_workspace_id: str = ""
    allow_writes: bool = False
    max_rps: float | None = None
    max_calls: int = 3000
    timeout: float = 15
    ca_file: str = ""
    insecure: bool = False
    seed: int = 42
    dataset: str = "everyday"
    now: int | None = None

    @property
    def credentials(self) -> Credentials:
        """The user's credentials, or the defaults of a mock on this machine.

        Raises `CannotRunError` if a server elsewhere needs credentials that were not given.
        """
        given = Credentials(
            self.token,
            self.ak,
            self.sk,
            self.iam_user,
            self.iam_password,
            self.iam_domain or self.iam_user,
            self.coze_token or OUR_CREDENTIALS.coze_token,
        )
        if self.coze and not self.coze_token and not is_local(self.coze):
            raise CannotRunError("no credentials: set MOCKCBS_CONTRACT_COZE_TOKEN")
        if self.token or self.ak or self.iam_password:
            return given
        if self.cbs and not is_local(self.cbs):
            raise CannotRunError(
                "no credentials: set MOCKCBS_CONTRACT_TOKEN, or …_AK and …_SK, or …_IAM_PASSWORD"
            )
        return replace(OUR_CREDENTIALS, coze_token=given.coze_token)

    @property
    def urls(self) -> dict[str, str]:
        """The base URL of each service that has one, except IAM."""
        return {name: url for name in ("cbs", "coze", *VENDORS) if (url := getattr(self, name))}

    def account(self, service: str) -> dict[str, str]:
        """Ids and credentials for a service: the user's, or the defaults of a mock on this machine."""
        url, found = self.urls.get(service, ""), {}
        for one in VENDORS[service].accounts:
            given = self.accounts.get(one.name, "")
            if one.is_needed and not given and url and not is_local(url):
                raise CannotRunError(f"no {one.help}: set MOCKCBS_CONTRACT_{one.name.upper()}")
            found[one.name] = given or ("" if url and not is_local(url) else one.default)
        return found

    def at(self, url: str, services: Iterable[str]) -> "Options":
        """The same options with *url* as the only server, for *services*."""
        chosen = {name: url if name in services else "" for name in ("cbs", "coze", *VENDORS)}
        return replace(self, iam="", **chosen)  # type: ignore[arg-type]


def is_local(url: str) -> bool:
    """Whether the host of *url* is this machine."""
    name = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def check(options: Options) -> None:
    """Raise `UserError` for an invalid URL or id; ids are not shown, as they may be secrets."""
    for name, example in SERVERS.items():
        if url := getattr(options, name):
            check_base_url(url, example)
    for name, (form, example) in _IDS.items():
        if not re.fullmatch(form, getattr(options, name), re.ASCII):
            raise CannotRunError(f"--{name.replace('_', '-')} is not an id such as {example}")
    for service in VENDORS.values():
        for one in service.accounts:
            if not re.fullmatch(one.form, options.accounts.get(one.name, "") or one.default, re.ASCII):
                raise CannotRunError(f"--{one.name.replace('_', '-')} is not an id such as {one.default}")
