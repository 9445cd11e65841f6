"""Calls by which mockcbs writes rows and sends messages."""

import httpx
import pytest

from mockcbs.services.reporting import ReportError, Session, bearer, check_code, content_of, id_in


def response(status=200, **body) -> httpx.Response:
    return httpx.Response(status, json=body)


def test_a_session_requests_a_token_once():
    """Each key has its value, which is requested when it is needed first."""
    requested = []
    with httpx.Client() as client:
        session = Session(client)

        found = [session.once(key, lambda: requested.append(1) or len(requested)) for key in ("a", "b", "a")]

    assert found == [1, 2, 1]


def test_a_code_other_than_zero_is_an_error():
    """The text of the error begins with the code; a body that is no object has the status instead."""
    good = check_code(response(ret=0, data=1), "ret")

    with pytest.raises(ReportError, match=r"^1254043 RecordIdNotFound$"):
        check_code(response(code=1254043, msg="RecordIdNotFound"))
    with pytest.raises(ReportError, match=r"^502 "):
        check_code(httpx.Response(502, json=[]))

    assert good == {"ret": 0, "data": 1}


def test_a_body_that_is_no_json_is_an_error():
    """The error has the status and the start of the body."""
    with pytest.raises(ReportError, match=r"^502 Bad Gateway"):
        content_of(httpx.Response(502, text="Bad Gateway" * 100))


def test_ids_in_responses():
    """An id is a text; a response without it has an empty one."""
    content = {"data": {"records": [{"id": 7}]}}

    assert id_in(content, "data", "records", 0, "id") == "7"
    assert id_in(content, "data", "records", 1, "id") == ""
    assert id_in([], "data") == ""


def test_bearer():
    """The header of a token."""
    assert bearer("t-1") == {"Authorization": "Bearer t-1"}
