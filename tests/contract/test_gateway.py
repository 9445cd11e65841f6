"""What holds for every response behind Huawei's API gateway."""

import pytest

from mockcbs.contract.gateway import every_answer
from mockcbs.contract.targets import Call
from tests.contract.kits import broken, kit_without_server, response_to

ID = "0123456789abcdef0123456789abcdef"
PATH = "/v1/p/qabots/b/requests/keywords"
GATEWAY = f'{{"error_msg":"no","error_code":"APIG.0301","request_id":"{ID}"}}'
MOVED = f'{{"error_code":"APIG.0301","error_msg":"no","request_id":"{ID}"}}'
SERVICE = '{"error_code":"CBS.0001","error_msg":"no"}'


def answered(content, status=200, call=PATH, **headers):
    given = {"X_Request_Id": ID, "Server": "api-gateway", **headers}
    return response_to(call, content, status, **given)


@pytest.mark.parametrize(
    ("response", "clauses"),
    [
        (answered('{"keywords":[]}'), set()),
        (answered(GATEWAY, 401), set()),
        (answered(SERVICE, 400), set()),
        (answered('{"error":{"code":401,"message":"no","title":"Unauthorized"}}', 401), set()),
        (answered("", call=Call("DELETE", PATH)), set()),
        (answered("{}", 302), {"http.no-redirect"}),
        (answered("{}", X_Request_Id="1"), {"http.request-id"}),
        (answered("{}", Content_Encoding="gzip"), {"http.no-coding"}),
        (answered("{}", Server="nginx"), {"http.server"}),
        (answered("{}", X_Apig_Latency="3"), {"http.timings"}),
        (answered("{}", Content_Type="text/json"), {"http.json"}),
        (answered("[]"), {"http.json"}),
        (answered('{"keywords": []}'), {"http.one-line"}),
        (answered('{"keyword":"\\u4e91"}'), {"http.raw-text"}),
        (answered('{"message":"no"}', 404), {"http.envelope"}),
        (answered(SERVICE.replace("}", ',"request_id":"1"}'), 400), {"http.service-envelope"}),
        (answered(GATEWAY.replace(ID, ID[::-1]), 401), {"http.gateway-envelope"}),
        (answered(GATEWAY.replace("APIG", "APIGW"), 401), {"http.code-prefix"}),
        (
            answered(f'{{"error_code":"APIG.0301","error_msg":"no","request_id":"{ID}"}}', 401),
            {"http.member-order"},
        ),
    ],
)
def test_a_response_breaks_the_clause_about_what_is_wrong_with_it(response, clauses):
    """A faulty response breaks the clause about its fault, and no other."""
    kit = kit_without_server("cbs")

    every_answer(kit, response)

    assert broken(kit) == clauses


def test_timings_come_when_they_are_asked_for():
    """The response has timings if the request has the header for them."""
    kit = kit_without_server("cbs")
    call = Call("GET", PATH, headers={"X-Apig-Mode": "debug"})

    every_answer(kit, answered("{}", call=call, X_Apig_Latency="3"))

    assert broken(kit) == set()


def test_request_ids_are_not_given_twice():
    """The second response with an id breaks the clause."""
    kit = kit_without_server("cbs")

    for _ in range(2):
        every_answer(kit, answered("{}"))

    assert broken(kit) == {"http.request-id-fresh"}
