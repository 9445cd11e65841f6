"""``mockcbs env``: variables that point SDKs at a mock."""

import json
import subprocess

import pytest
from click.testing import CliRunner
from huaweicloudsdkcbs.v1 import CbsClient, CollectKeyWordsRequest
from huaweicloudsdkcbs.v1.region.cbs_region import CbsRegion
from huaweicloudsdkcore.auth.provider import EnvCredentialProvider

from mockcbs.cli.env import command
from mockcbs.testing.live import LiveServer
from tests.conftest import BOT

HARD = 'it\'s "$HOME" \\ `x` #1'


def printed(*options: str) -> str:
    done = CliRunner().invoke(command, options)
    assert done.exit_code == 0, done.output
    return done.output


def test_the_vendors_sdk_reads_them(monkeypatch):
    """The SDK of Huawei reads credentials, project and endpoint from the variables, and needs nothing
    else.
    """
    with LiveServer() as server:
        for name, value in json.loads(printed("--url", server.url, "--format", "json")).items():
            monkeypatch.setenv(name, value)
        credentials = EnvCredentialProvider.get_basic_credential_env_provider().get_credentials()
        region = CbsRegion.value_of("cn-north-4")
        client = CbsClient.new_builder().with_credentials(credentials).with_region(region).build()

        found = client.collect_key_words(CollectKeyWordsRequest(qabot_id=BOT, top=3))

    assert len(found.keywords) == 3


@pytest.mark.parametrize("form", ["sh", "dotenv"])
def test_a_shell_reads_them(form):
    """A shell that evaluates the lines gets any secret unchanged; without quotes, it may get one line."""
    lines = printed("--format", form, "--secret-key", HARD, "--coze-token", "pat_x")
    script = f'set -a\n{lines}\nprintf %s "$OSS_ACCESS_KEY_SECRET|$COZE_API_TOKEN"'
    if form == "dotenv":
        script = script.replace("\\`", "`").replace("`", "\\`")  # what a shell would run, dotenv keeps

    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True, timeout=10)

    assert done.stdout == f"{HARD}|pat_x"


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ("fish", "set -gx OSS_ACCESS_KEY_SECRET 'it\\'s \\\\ $x';"),
        ("powershell", "$env:OSS_ACCESS_KEY_SECRET = 'it''s \\ $x'"),
        ("dotenv", 'OSS_ACCESS_KEY_SECRET="it\'s \\\\ \\$x"'),
    ],
)
def test_quoting(form, line):
    """Each format uses the quotes that its reader understands."""
    assert line in printed("--format", form, "--secret-key", "it's \\ $x").splitlines()


def test_every_vendor_has_its_variables(tmp_path):
    """The output has each base URL, and a certificate under the names that TLS libraries read."""
    certificate = tmp_path / "ca.pem"
    certificate.touch()

    variables = json.loads(
        printed("--url", "https://mock:8021/", "--ca-file", str(certificate), "--format", "json")
    )

    assert [name for name, value in variables.items() if value == "https://mock:8021"] == [
        "HUAWEICLOUD_SDK_REGION_CBS_CN_NORTH_1",
        "HUAWEICLOUD_SDK_REGION_CBS_CN_NORTH_4",
        "HUAWEICLOUD_SDK_IAM_ENDPOINT",
        "COZE_API_BASE",
        "LARK_DOMAIN",
        "AIRTABLE_ENDPOINT_URL",
        "OSS_ENDPOINT",
    ]
    assert variables["SSL_CERT_FILE"] == variables["NODE_EXTRA_CA_CERTS"] == str(certificate)


def test_a_url_that_is_none():
    """A URL without a scheme is refused."""
    done = CliRunner().invoke(command, ["--url", "localhost:8021"])

    assert "'localhost:8021' is not an http or https URL" in str(done.exception)
