"""WeCom: tokens, and adding records to a smart sheet."""

from typing import Any

from mockcbs.contract import table_http
from mockcbs.contract.kit import Kit, checks, made_up
from mockcbs.contract.targets import query
from mockcbs.contract.wecom import ADD_PATH, WeCom


@checks(
    "wecom.http.answered",
    "wecom.http.json",
    "wecom.http.errcode",
    "wecom.shape.success",
    "wecom.shape.once",
    "wecom.shape.token",
    "wecom.token.same",
    "wecom.token.secret",
)
def test_tokens(kit: Kit) -> None:
    """The account gets the same token again while it is valid; a wrong secret gets none."""
    wecom = WeCom.of(kit)
    first = wecom.good("token", wecom.token())["access_token"]
    answer = wecom.token()
    again = wecom.good("token", answer)["access_token"]
    kit.judge("wecom.token.same", answer, "the same token", "another token", held=first == again)
    wecom.refused("wecom.token.secret", wecom.token(corpsecret=made_up()), 40001)


@checks("wecom.auth.missing", "wecom.records.parameters")
def test_refused_calls(kit: Kit) -> None:
    """A request without a token and an incomplete body are rejected; neither adds a record."""
    wecom = WeCom.of(kit)
    wecom.refused("wecom.auth.missing", wecom.call("POST", ADD_PATH, {}, auth=False), 41001)
    wecom.refused("wecom.records.parameters", wecom.call("POST", ADD_PATH, {}))
    wecom.refused("wecom.records.parameters", wecom.add())


@checks("wecom.auth.bad-token", "wecom.records.unknown")
def test_strangers(kit: Kit) -> None:
    """An unknown token and an unknown document are rejected."""
    wecom = WeCom.of(kit)
    answer = wecom.call("POST", ADD_PATH, {}, query(access_token=made_up()), auth=False)
    table_http.must_not_trust(answer, refused=answer.json.get("errcode") in {40014, 40001, 42001})
    wecom.refused("wecom.auth.bad-token", answer, 40014)
    wecom.refused("wecom.records.unknown", wecom.add(_row(made_up(), 1), docid=made_up()))


def _row(mark: str, time: int) -> dict[str, Any]:
    return {"workflow_id": [{"type": "text", "text": mark}], "duration_ms": time}


@checks("wecom.shape.records", "wecom.records.added", "wecom.records.ids")
def test_records(kit: Kit) -> None:
    """One request adds several records with cells by field title."""
    kit.must_write()
    wecom, mark = WeCom.of(kit), made_up()
    rows = [_row(f"{mark}-{number}", number) for number in (1, 2)]
    answer = wecom.add(*rows)
    made = wecom.good("records", answer)["records"]
    kit.expect("wecom.records.added", answer, [one["values"] for one in made], rows, "values")
    ids = {one["record_id"] for one in made}
    kit.expect("wecom.records.ids", answer, len(ids), len(rows), "different ids")


@checks("wecom.cells.wrong")
def test_wrong_cells(kit: Kit) -> None:
    """A value of a wrong type and an unknown title are rejected."""
    kit.must_write()
    wecom = WeCom.of(kit)
    for row in ({"duration_ms": "x"}, {"nobody": 1}):
        wecom.refused("wecom.cells.wrong", wecom.add(row))
