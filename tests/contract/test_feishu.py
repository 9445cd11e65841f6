"""The kit's view of Feishu."""

import pytest

from mockcbs.contract.feishu import TOKEN_PATH, Feishu, authenticate, every_answer
from mockcbs.contract.kit import NotReachedError
from mockcbs.contract.targets import Call
from tests.contract.kits import alter, broken, kit_of_mock, kit_without_server, response_to

TEXT = 1
"""The number of the type of texts."""


@pytest.mark.parametrize(
    ("status", "content", "clauses"),
    [
        (200, {"code": 0, "msg": "success", "data": {}}, set()),
        (400, {"code": 1254043, "msg": "RecordIdNotFound", "error": {"log_id": "L1"}}, set()),
        (200, {"code": "0", "msg": "success"}, {"feishu.http.code"}),
        (201, {"code": 0, "msg": "success"}, {"feishu.http.success"}),
        (200, {"code": 0, "msg": "done"}, {"feishu.http.success"}),
        (400, {"code": 1254043, "msg": ""}, {"feishu.http.failure"}),
        (400, {"code": 1254043, "msg": "no", "error": {"log_id": "other"}}, {"feishu.http.failure"}),
        (200, [], {"feishu.http.json"}),
    ],
)
def test_every_response_has_the_envelope(status, content, clauses):
    """The code is an integer; what else there is depends on it."""
    kit = kit_without_server("feishu")

    every_answer(kit, response_to("/open-apis/bitable/v1/apps/b/tables", content, status, X_Tt_Logid="L1"))

    assert broken(kit) == clauses


def test_every_response_but_those_of_custom_bots_has_a_log_id():
    """The log id is in a header with Feishu's spelling."""
    kit, good = kit_without_server("feishu"), {"code": 0, "msg": "success"}

    every_answer(kit, response_to("/open-apis/bot/v2/hook/x", good))
    assert broken(kit) == set()

    every_answer(kit, response_to("/open-apis/im/v1/chats", good, x_tt_logid="L1"))
    assert broken(kit) == {"feishu.http.logid"}


def test_a_table_is_deleted_after_a_check():
    """The kit deletes the table of a check, also of one that fails."""
    feishu, seen = Feishu.of(kit_of_mock()), []

    def check():
        with feishu.table(text=TEXT) as table:
            seen.append((table, feishu.add(table, [{"text": "a"}])))
            raise NotReachedError

    with pytest.raises(NotReachedError):
        check()

    ((table, (record,)),) = seen
    assert record["fields"] == {"text": "a"}
    assert feishu.call("GET", table.records).json["code"] == 1254041


def test_a_table_without_ids_is_found_in_the_list():
    """A server that omits the ids of a new table breaks one clause, and the checks continue."""
    kit = kit_of_mock()
    feishu = Feishu.of(kit)

    def forgets(call, content):
        if call.method == "POST" and call.path.endswith("/tables"):
            content["data"].pop("table_id")
            content["data"].pop("default_view_id")

    alter(kit, "feishu", forgets)
    with feishu.table(text=TEXT) as table:
        assert table.path.rpartition("/")[2].startswith("tbl")
        assert table.view_id.startswith("vew")

    assert broken(kit) == {"feishu.shape.table"}


@pytest.mark.parametrize("path", [TOKEN_PATH, "/open-apis/bot/v2/hook/x"])
def test_tokens_and_custom_bots_need_no_token(path):
    """Calls have the tenant's token, except those for tokens and custom bots."""
    kit = kit_of_mock()

    assert authenticate(kit, Call("POST", path)).headers == {}
    assert (
        authenticate(kit, Call("GET", "/open-apis/im/v1/chats"))
        .headers["Authorization"]
        .startswith("Bearer t-")
    )
