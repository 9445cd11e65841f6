"""What every response is wrapped in, and the log id in its header."""

import re

from tests.services.feishu.conftest import NOW


def test_a_log_id_begins_with_the_local_second(app):
    """Shanghai's, then 20 hexadecimal digits; no two responses have the same."""
    client = app.test_client()

    ids = [client.get("/open-apis/im/v1/chats").headers["X-Tt-Logid"] for _ in range(2)]

    assert NOW == 1_766_386_800_000
    assert all(re.fullmatch(r"20251222150000[0-9A-F]{20}", one) for one in ids)
    assert len(set(ids)) == 2


def test_a_success_has_its_data(table):
    """A success has code 0, a message and its data."""
    answer = table.call("GET", "/fields")

    assert (answer["code"], answer["msg"]) == (0, "success")
    assert answer.keys() == {"code", "msg", "data"}
