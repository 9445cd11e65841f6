"""Files, variables and bots that the kit creates. They need permission to write."""

from typing import Any

from mockcbs.contract.coze import Coze
from mockcbs.contract.kit import Kit, NotApplicableError, checks, made_up
from mockcbs.contract.targets import Answer, query

_BOUNDARY = "mockcbs-contract"


def _upload(coze: Coze, *files: tuple[str, str, bytes]) -> Answer:
    """Upload *files*: tuples of the part's name, the file's name and the content."""
    parts = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{part}"; filename="{name}"\r\n'
        f"Content-Type: application/octet-stream\r\n\r\n".encode()
        + content
        + b"\r\n"
        for part, name, content in files
    ]
    body = b"".join([*parts, f"--{_BOUNDARY}--\r\n".encode()])
    kind = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
    return coze.kit.call("coze", "POST", "/v1/files/upload", headers=kind, body=body)


@checks("coze.shape.file", "coze.files.upload", "coze.files.bad")
def test_files(kit: Kit) -> None:
    """An uploaded file has its name and size."""
    coze = Coze.of(kit)
    coze.may_write()
    content = bytes(range(256))
    answer = _upload(coze, ("file", "mockcbs.txt", content))
    file = coze.good("file", answer)
    found = [file["file_name"], file["bytes"]]
    kit.expect("coze.files.upload", answer, found, ["mockcbs.txt", len(content)], "file_name and bytes")
    answer = coze.get("/v1/files/retrieve", query(file_id=file["id"]))
    kit.expect("coze.files.upload", answer, coze.good("file", answer), file, "file as uploaded")
    coze.refused("coze.files.bad", _upload(coze, ("file", "empty.txt", b"")), 200, 4300)
    two = (("file", "a.txt", b"a"), ("file", "b.txt", b"b"))
    coze.refused("coze.files.bad", _upload(coze, *two), 200, 4301)


@checks("coze.shape.variables", "coze.variables.set")
def test_variables(kit: Kit) -> None:
    """A variable belongs to one user, and reads for other users do not return it."""
    coze = Coze.of(kit)
    coze.may_write()
    clause, owner = "coze.variables.set", {"connector_uid": made_up(), "bot_id": kit.coze_bot_id}
    for data in ({"name": "小王", "age": "8"}, {"age": "9"}):
        pairs = [{"keyword": keyword, "value": value} for keyword, value in data.items()]
        answer = coze.post("/v1/variables", {**owner, "data": pairs}, method="PUT")
        coze.need(answer)
        found = [answer.status, answer.json.get("code"), "data" in answer.json]
        kit.expect(clause, answer, found, [200, 0, False], "status, code, has data")
    for keywords, expected in (("name,age", {"name": "小王", "age": "9"}), ("age", {"age": "9"})):
        answer = coze.get("/v1/variables", query(**owner, keywords=keywords))
        items = coze.good("variables", answer)["items"]
        kit.expect(clause, answer, {item["keyword"]: item["value"] for item in items}, expected, keywords)
    answer = coze.get("/v1/variables", query(**{**owner, "connector_uid": made_up()}, keywords="age"))
    kit.expect(clause, answer, coze.good("variables", answer)["items"], [], "items of another user")


@checks("coze.shape.made-bot", "coze.bots.made", "coze.bots.order", "coze.bots.unpublished")
def test_bots(kit: Kit) -> None:
    """A bot can be created, changed, published and unpublished."""
    coze = Coze.of(kit)
    coze.may_write()
    if not kit.local:
        raise NotApplicableError(
            "bots cannot be deleted, so the kit creates them only on servers on this machine"
        )
    clause, made = "coze.bots.made", {"space_id": coze.workspace_id, "name": "kit"}
    answer = coze.post("/v1/bot/create", {**made, "onboarding_info": {"prologue": "你好"}})
    bot = coze.good("made-bot", answer)["bot_id"]
    draft = coze.get(f"/v1/bots/{bot}", query(is_published="false"))
    kit.expect(clause, draft, coze.good("bot", draft)["name"], "kit", "name")
    _check_unpublished(kit, bot)
    answer = coze.post("/v1/bot/update", {"bot_id": bot, "name": "kit 2"})
    kit.expect(clause, answer, "data" in coze.succeeded(answer), False, "has data")
    answer = coze.post("/v1/bot/publish", {"bot_id": bot, "connector_ids": ["1024"]})
    version = coze.good("made-bot", answer).get("version")
    answer = coze.get(f"/v1/bots/{bot}")
    shown = coze.good("bot", answer)
    found = [shown["name"], shown["version"], bool(version)]
    kit.expect(clause, answer, found, ["kit 2", version, True], "name, version, has a version")
    kit.expect(clause, answer, _is_listed(coze, bot), True, "is listed")
    older = coze.get("/v1/space/published_bots_list", query(space_id=coze.workspace_id))
    times = [int(one["publish_time"]) for one in coze.good("space-bots", older)["space_bots"]]
    kit.expect("coze.bots.order", older, times, sorted(times, reverse=True), "publish times")
    answer = coze.post(f"/v1/bots/{bot}/unpublish", {"connector_id": "1024"})
    kit.expect(clause, answer, "data" in coze.succeeded(answer), False, "has data")
    kit.expect(clause, answer, _is_listed(coze, bot), False, "is listed")
    _check_unpublished(kit, bot)
    long_name: dict[str, Any] = {**made, "name": "x" * 21}
    coze.refused(clause, coze.post("/v1/bot/create", long_name), 400, 4000)


def _is_listed(coze: Coze, bot: str) -> bool:
    answer = coze.get("/v1/bots", query(workspace_id=coze.workspace_id, page_size=100))
    return bot in [item["id"] for item in coze.good("bots", answer)["items"]]


def _check_unpublished(kit: Kit, bot: str) -> None:
    coze = Coze.of(kit)
    for answer in (
        coze.get(f"/v1/bots/{bot}"),
        coze.get("/v1/bot/get_online_info", query(bot_id=bot)),
        coze.post("/v3/chat", {"bot_id": bot, "user_id": made_up()}),
        coze.post("/v3/chat", {"bot_id": bot, "user_id": made_up(), "stream": True}),
    ):
        coze.refused("coze.bots.unpublished", answer, 200, 4015)
