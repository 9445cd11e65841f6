"""The services other than CBS, IAM and Coze, and the account options that the kit needs for each."""

from dataclasses import dataclass

from mockcbs.settings import Settings


@dataclass(frozen=True)
class Account:
    """One option that describes the account to use: an id or a credential."""

    name: str
    """The name of the option, such as ``feishu_app_id``."""
    default: str
    """The value for a mock on this machine."""
    help: str
    form: str = ".*"
    """The pattern that a value must match, so that an id cannot change the path of a URL."""
    is_secret: bool = False
    is_needed: bool = True
    """Whether the option is required for a server that is not on this machine."""


@dataclass(frozen=True)
class Vendor:
    """A service that the kit checks."""

    title: str
    url: str
    """The URL of the real service."""
    accounts: tuple[Account, ...]


_ours = Settings()
VENDORS = {
    "feishu": Vendor(
        "Feishu",
        "https://open.feishu.cn",
        (
            Account("feishu_app_id", _ours.feishu_app_id, "Feishu app id"),
            Account("feishu_app_secret", _ours.feishu_app_secret, "Feishu app secret", is_secret=True),
            Account("feishu_base", "bascnMockcbsKit00000000000", "Feishu Base (app_token)", r"[A-Za-z0-9]*"),
            Account(
                "feishu_chat",
                "oc_mockcbs_kit",
                "Feishu chat to send messages to",
                r"[\w-]*",
                is_needed=False,
            ),
            Account(
                "feishu_hook",
                "mockcbs-kit",
                "token of a Feishu custom bot to send messages to",
                r"[\w-]*",
                is_needed=False,
            ),
        ),
    ),
    "airtable": Vendor(
        "Airtable",
        "https://api.airtable.com",
        (
            Account("airtable_token", _ours.airtable_token, "Airtable token", is_secret=True),
            Account("airtable_base", "appMockcbsKit0000", "Airtable base", r"(app[0-9A-Za-z]{14})?"),
            Account(
                "airtable_table",
                "Contract kit",
                "Airtable table with workflow_id, exec_time (texts), input_len and duration_ms (numbers)",
            ),
        ),
    ),
    "tencent_docs": Vendor(
        "Tencent Docs",
        "https://docs.qq.com",
        (
            Account("tencent_docs_client_id", _ours.tencent_client_id, "Tencent Docs client id"),
            Account(
                "tencent_docs_secret",
                _ours.tencent_client_secret,
                "Tencent Docs client secret",
                is_secret=True,
                is_needed=False,
            ),
            Account("tencent_docs_token", "", "Tencent Docs access token", is_secret=True, is_needed=False),
            Account("tencent_docs_open_id", "", "Tencent Docs user (Open-Id)", is_needed=False),
            Account("tencent_docs_file", "DMockcbsKit", "Tencent Docs smart sheet file", r"[\w$-]*"),
            Account(
                "tencent_docs_sheet",
                "Kit1",
                "sheet of that file, with the columns of the report table",
                r"[\w-]*",
            ),
        ),
    ),
    "wecom": Vendor(
        "WeCom",
        "https://qyapi.weixin.qq.com",
        (
            Account("wecom_corpid", _ours.tencent_client_id, "WeCom corpid", r"[\w-]*"),
            Account("wecom_secret", _ours.tencent_client_secret, "WeCom corpsecret", is_secret=True),
            Account("wecom_docid", "dcMockcbsKit", "WeCom smart sheet (docid)", r"[\w$-]*"),
            Account(
                "wecom_sheet",
                "Kit1",
                "sheet of that document, with the columns of the report table",
                r"[\w-]*",
            ),
        ),
    ),
    "oss": Vendor(
        "Aliyun OSS",
        "https://BUCKET.oss-cn-hangzhou.aliyuncs.com",
        (
            Account("oss_ak", _ours.access_key, "OSS AccessKeyId"),
            Account("oss_sk", _ours.secret_key, "OSS AccessKeySecret", is_secret=True),
            Account("oss_bucket", "mockcbs-kit", "OSS bucket", r"[a-z0-9-]*"),
            Account("oss_region", "cn-hangzhou", "OSS region", r"[a-z0-9-]*", is_needed=False),
        ),
    ),
    "webhooks": Vendor(
        "webhooks",
        "http://127.0.0.1:8021",
        (
            Account(
                "webhooks_listen", "127.0.0.1:0", "address to receive webhooks on", r"[\w.:\[\]-]*:\d{1,5}"
            ),
            Account("webhooks_secret", _ours.webhook_secret, "verify token of webhooks", is_secret=True),
            Account(
                "webhooks_wait",
                "20",
                "seconds to wait for webhooks",
                r"\d{1,5}(\.\d+)?",
                is_needed=False,
            ),
        ),
    ),
}
"""The services by name."""
