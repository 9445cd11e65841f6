"""The kit's view of OSS."""

import pytest

from mockcbs.contract.kit import NotReachedError
from mockcbs.contract.lacking import Lacking
from mockcbs.contract.oss import Oss, every_answer, read
from mockcbs.contract.targets import Call
from tests.contract.kits import broken, kit_of_mock, kit_without_server, response_to

ID = "0123456789ABCDEF01234567"
ERROR = (
    f"<Error><Code>NoSuchKey</Code><Message>no</Message><RequestId>{ID}</RequestId><HostId>h</HostId></Error>"
)


def answered(content, status=404, request_id=ID, kind="application/xml", method="GET"):
    return response_to(Call(method, "/b/k"), content, status, Content_Type=kind, x_oss_request_id=request_id)


@pytest.mark.parametrize(
    ("response", "clauses"),
    [
        (answered(ERROR), set()),
        (answered("a,b", 200), set()),
        (answered("", method="HEAD"), set()),
        (answered("", 200, request_id=ID.lower()), {"oss.http.request-id"}),
        (answered(ERROR.replace("HostId", "Host")), {"oss.http.error"}),
        (answered(ERROR, kind="text/plain"), {"oss.http.error"}),
        (answered("no"), {"oss.http.error"}),
        (answered(ERROR.replace(ID, ID[::-1])), {"oss.http.error-id"}),
    ],
)
def test_every_response_is_checked(response, clauses):
    """Each response is checked for its request id, and each error for its members."""
    kit = kit_without_server("oss")

    every_answer(kit, response)

    assert broken(kit) == clauses


def test_request_ids_are_not_given_twice():
    """The second response with an id breaks the clause."""
    kit = kit_without_server("oss")

    for _ in range(2):
        every_answer(kit, answered("", 200))

    assert broken(kit) == {"oss.http.request-id-fresh"}


def test_objects_are_deleted_after_a_check():
    """The kit deletes what a check has put into its folder, also if the check fails."""
    oss, made = Oss.of(kit_of_mock()), []

    def check():
        with oss.objects(a=b"1", b=b"2") as keys:
            made.extend([keys["a"], f"{keys['']}{'新 1'}"])
            oss.call("PUT", oss.path(made[1]), body=b"3")
            assert oss.call("GET", oss.path(made[0])).body == b"1"
            raise NotReachedError

    with pytest.raises(NotReachedError):
        check()

    assert [oss.call("GET", oss.path(key)).status for key in made] == [404, 404]


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("http://127.0.0.1:8021", "/mockcbs-kit/a%20b/c"),
        ("https://mockcbs-kit.oss-cn-hangzhou.aliyuncs.com", "/a%20b/c"),
    ],
)
def test_the_bucket_is_in_the_host_or_in_the_path(url, path, monkeypatch):
    """The bucket is where the URL of the target has it; the signature covers it in both forms."""
    kit = kit_of_mock()
    monkeypatch.setattr(kit.targets["oss"], "url", url, raising=False)

    assert Oss(kit).path("a b/c") == path


def test_a_body_without_namespaces():
    """Names are read without namespaces; a body that is not XML, or attacks the parser, has no members."""
    names = read(answered('<R xmlns="http://doc.example"><Name>b</Name></R>'))
    bomb = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'

    assert names is not None
    assert names.findtext("Name") == "b"
    assert read(answered("{}")) is read(answered(bomb)) is None


def test_content_that_is_missing():
    """A refusal instead of content is missing content, with the clause that it breaks."""
    kit = kit_without_server("oss")

    found = Oss.of(kit).xml("list", answered(ERROR, 403))

    assert isinstance(found, Lacking)
    assert found.clause == "oss.shape.success"
    assert broken(kit) == {"oss.shape.success"}


@pytest.mark.parametrize(("code", "clauses"), [("NoSuchKey", set()), ("NoSuchBucket", {"oss.http.error"})])
def test_refusals(code, clauses):
    """A refusal is checked for status and code."""
    kit = kit_without_server("oss")

    Oss.of(kit).refused("oss.http.error", answered(ERROR), 404, code)

    assert broken(kit) == clauses
