"""The generic Node client of Huawei Cloud, ``@huaweicloud/huaweicloud-sdk-core``."""

from pathlib import Path

import pytest

from tests.clients import npm

pytestmark = npm.needed

SCRIPT = Path(__file__).parent / "node" / "session_stats.cjs"
PACKAGES = ("@huaweicloud/huaweicloud-sdk-core@3.1.211", "uuid@9.0.1")
PROJECT = "1604d8170cd84440a81281e5a3a04f8b"
SK = "mockcbs-secret-key"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run the script, with the client installed in a folder of its own."""
    return npm.runner(tmp_path_factory.mktemp("node"), SCRIPT, *PACKAGES)


@pytest.mark.parametrize("where", [PROJECT, "cn-north-4"], ids=["project", "region"])
def test_all_operations(server, run, where):
    """All operations work, with a project id and with one found through IAM."""
    answers = run(server.url, SK, where)

    sessions, replies = answers["sessionStats"], answers["replyRates"]
    assert (sessions["httpStatusCode"], sessions["time_zone"], sessions["interval"]) == (
        200,
        "+08:00",
        "week",
    )
    assert sum(week["session_count"] for week in sessions["intervals"]) == sessions["total"]["session_count"]
    assert sessions["total"]["session_count"] > 0
    assert sum(week["question_count"] for week in replies["intervals"]) == replies["total"]["question_count"]
    assert replies["total"]["question_count"] > replies["total"]["notmatch_count"] == 0
    assert (answers["hots"]["httpStatusCode"], answers["hots"]["questions"]) == (200, [])
    assert len(answers["keywords"]["keywords"]) == 3


def test_errors(server, run):
    """Errors have class, status, code, message and request id, as on the real service."""
    answers = run(server.url, SK, PROJECT)

    request_ids = [answers[name].pop("requestId") for name in ("badInterval", "serverError", "unknownPath")]
    assert [len(request_id) for request_id in request_ids] == [32] * 3
    assert answers["badInterval"] == {
        "name": "ClientRequestException",
        "httpStatusCode": 400,
        "errorCode": "CBS.0021",
        "errorMsg": "request parameter error",
    }
    assert answers["serverError"] == {
        "name": "ServerResponseException",
        "httpStatusCode": 500,
        "errorCode": "CBS.0031",
        "errorMsg": "Internal service error.",
    }
    assert answers["unknownPath"] == {
        "name": "ClientRequestException",
        "httpStatusCode": 404,
        "errorCode": "APIG.0101",
        "errorMsg": "The API does not exist or has not been published in the environment.",
    }


def test_wrong_secret_key(serving, run):
    """A wrong secret key is refused on every call, until the key is locked."""
    with serving() as served:
        answers = run(served.url, "wrong", PROJECT)

    messages = [answer["errorMsg"].partition(": ")[2] for answer in answers.values() if "name" in answer]
    # the unknown path is found missing before anyone looks at the signature
    assert messages.pop() == ""
    assert [message.partition(",")[0] for message in messages] == ["verify aksk signature fail"] * 6
    assert {answer["httpStatusCode"] for answer in list(answers.values())[:-1]} == {401}
