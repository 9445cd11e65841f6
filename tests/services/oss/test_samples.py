"""Code with oss2."""

import oss2
import pytest

from mockcbs.samples.request import Request
from mockcbs.services.oss.samples import SDK
from mockcbs.settings import Settings
from tests.services.programs import check_calls, program, programs

PROGRAMS = programs(SDK, "oss")
BUCKET = "http://127.0.0.1:8021/reports"


@pytest.mark.parametrize("operation", PROGRAMS)
def test_programs_call_what_the_sdk_has(operation):
    """A method of the bucket or of the service, with parameters that it takes."""
    auth = oss2.Auth("a", "s")
    objects = {
        "bucket": oss2.Bucket(auth, "http://127.0.0.1:9", "reports", is_path_style=True),
        "service": oss2.Service(auth, "http://127.0.0.1:9"),
    }

    assert check_calls(PROGRAMS[operation], oss2=oss2, **objects) == 3


def test_a_list_of_version_2():
    """Version 2 of the list is another method, with the options of the query."""
    names = {"bucket": "reports"}
    url = f"{BUCKET}?list-type=2&prefix=day%2F&max-keys=5&marker=x"

    code = SDK.write(Request("GET", url, operation="oss.list_objects", names=names), Settings())

    assert 'bucket.list_objects_v2(prefix="day/", max_keys=5)' in code


def test_objects_to_delete_are_read_from_the_body():
    """The program names the objects of the body, or none if the body is not XML."""
    names = {"bucket": "reports"}
    body = "<Delete><Object><Key>a.csv</Key></Object></Delete>"
    request = Request("POST", f"{BUCKET}?delete", {}, body, "oss.delete_objects", names)
    broken = Request("POST", f"{BUCKET}?delete", {}, "<", "oss.delete_objects", names)

    assert 'batch_delete_objects(["a.csv"])' in SDK.write(request, Settings())
    assert "batch_delete_objects([])" in SDK.write(broken, Settings())


def test_the_key_and_secret_of_the_mock():
    """The program works with the key and secret that are shown."""
    assert 'oss2.Auth("MOCKCBSAK", "mockcbs-secret-key")' in program(SDK, "oss_put_object")
