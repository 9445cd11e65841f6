"""HTTP rules of every Coze operation, and authentication."""

from mockcbs.contract.coze import Coze
from mockcbs.contract.coze_http import is_stream
from mockcbs.contract.kit import Kit, NotApplicableError, checks, made_up
from mockcbs.contract.targets import Answer, query

NOBODY = "1"
"""A well-formed id of no existing object."""
_DAY = query(start_date="2023-01-01", end_date="2023-01-01")
_NO_TOKEN = {"Authorization": "Bearer expired-token"}


def reads(coze: Coze) -> list[tuple[str, str]]:
    """Paths and queries of reads that the target serves for any bot."""
    about_bot = [(f"{coze.bot}/analytics", _DAY), (f"{coze.bot}/analytics/logs", _DAY), (coze.bot, "")]
    about_caller = [("/v1/users/me", ""), ("/v1/workspaces", "")]
    return [(path, text) for path, text in (*about_bot, *about_caller) if coze.serves(path, text)]


def content(answer: Answer) -> tuple[int, object]:
    """Status and body without the members that are new in each response."""
    return answer.status, {name: value for name, value in answer.json.items() if name != "detail"}


@checks("coze.http.unknown-path")
def test_path_of_no_operation(kit: Kit) -> None:
    """An unknown path returns a JSON error."""
    coze = Coze.of(kit)

    for path in (f"{coze.bot}/no-such-thing", "/v1/bots/no/such/thing", "/v3/chat/no-such-thing"):
        coze.refused("coze.http.unknown-path", coze.get(path), 404, 4000)


@checks("coze.http.wrong-method")
def test_wrong_method(kit: Kit) -> None:
    """A wrong method is rejected, and ``Allow`` names the right method."""
    coze = Coze.of(kit)

    # POST to /v1/workspaces is another operation, which creates a workspace.
    for path, text in (read for read in reads(coze) if read[0] != "/v1/workspaces"):
        for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            answer = coze.get(path, text, method=method)
            coze.refused("coze.http.wrong-method", answer, 405, 4000)
            kit.expect("coze.http.wrong-method", answer, answer.headers.get("Allow"), "GET", "Allow")


@checks("coze.http.trailing-slash")
def test_trailing_slash(kit: Kit) -> None:
    """A path with a slash at the end is the same operation."""
    coze = Coze.of(kit)

    for path, text in reads(coze):
        usual, answer = coze.get(path, text), coze.get(f"{path}/", text)
        kit.expect("coze.http.trailing-slash", answer, content(answer), content(usual), "answer")


@checks("coze.http.content-type")
def test_content_type_of_a_get(kit: Kit) -> None:
    """Content-Type on a GET has no effect."""
    coze = Coze.of(kit)

    for path, text in reads(coze):
        usual = coze.get(path, text)
        for kind in (
            None,
            "application/json; charset=utf-8",
            "application/x-www-form-urlencoded",
            "text/plain",
        ):
            answer = coze.get(path, text, headers={"Content-Type": kind})
            kit.expect("coze.http.content-type", answer, content(answer), content(usual), "answer")


@checks(
    "coze.http.unknown-parameter",
    "coze.http.repeated-parameter",
    "coze.http.empty-parameter",
    "coze.http.parameter-order",
)
def test_lenient_query(kit: Kit) -> None:
    """Parameters are accepted in the forms that real clients send."""
    coze = Coze.of(kit)
    first, last = coze.recent
    fixed = query(start_date=first, end_date=last)
    for tail, more in (("analytics", "granularity=hour"), ("analytics/logs", "page_size=3")):
        path, text = f"{coze.bot}/{tail}", f"{fixed}&{more}"
        usual = coze.get(path, text)
        coze.succeeded(usual)
        for clause, other in (
            ("coze.http.unknown-parameter", f"{text}&granularty=week&limit=1&Granularity=week&Page_Size=7"),
            ("coze.http.repeated-parameter", f"start_date=2023-01-01&granularity=week&page_size=7&{text}"),
            ("coze.http.empty-parameter", f"{text}&session_id=&conversation_id=&user_id=&connector_id="),
            ("coze.http.parameter-order", "&".join(reversed(text.split("&")))),
        ):
            answer = coze.get(path, other)
            kit.expect(clause, answer, content(answer), content(usual), "answer")
    empty, absent = (coze.get(f"{coze.bot}/analytics", f"{fixed}{more}") for more in ("&granularity=", ""))
    kit.expect("coze.http.empty-parameter", empty, content(empty), content(absent), "answer")


@checks("coze.auth.missing", "coze.auth.scheme", "coze.auth.other-header")
def test_no_token(kit: Kit) -> None:
    """Every operation requires a bearer token."""
    coze = Coze.of(kit)
    token = kit.credentials.coze_token
    for path, text in reads(coze):
        coze.refused("coze.auth.missing", coze.get(path, text, auth=False), 401, 4100)
    path, text = reads(coze)[0]
    for value in (f"Basic {token}", token, "Bearer", "Bearer ", ""):
        answer = coze.get(path, text, auth=False, headers={"Authorization": value})
        coze.refused("coze.auth.scheme", answer, 401, 4100)
    answer = coze.get(path, text, auth=False, headers={"X-API-Key": token})
    coze.refused("coze.auth.other-header", answer, 401, 4100)


@checks("coze.auth.bad-token")
def test_bad_token(kit: Kit) -> None:
    """An invalid token is rejected."""
    coze = Coze.of(kit)

    for path, text in reads(coze):
        answer = coze.get(path, text, auth=False, headers=_NO_TOKEN)
        coze.refused("coze.auth.bad-token", answer, 401, 700012006)
    answer = coze.post(
        "/v3/chat/retrieve",
        None,
        query(conversation_id=NOBODY, chat_id=NOBODY),
        auth=False,
        headers=_NO_TOKEN,
    )
    coze.refused("coze.auth.bad-token", answer, 401, 700012006)


@checks("coze.auth.chat-bad-token")
def test_bad_token_of_a_chat(kit: Kit) -> None:
    """POST /v3/chat has its own error for an invalid token, as JSON even with stream=true."""
    coze = Coze.of(kit)

    for stream in (False, True):
        chat = {"bot_id": NOBODY, "user_id": made_up(), "stream": stream}
        answer = coze.post("/v3/chat", chat, auth=False, headers=_NO_TOKEN)
        kit.expect("coze.auth.chat-bad-token", answer, is_stream(answer), False, "a stream")
        coze.refused("coze.auth.chat-bad-token", answer, 200, 4101)


@checks("coze.auth.before-parameters", "coze.auth.after-route")
def test_order_of_checks(kit: Kit) -> None:
    """The server checks the path, then the credentials, then parameters and bot."""
    coze = Coze.of(kit)

    for path in (f"{coze.bot}/analytics", "/v1/bots/abc/analytics", f"/v1/bots/{NOBODY}/analytics"):
        answer = coze.get(path, query(start_date="never"), auth=False)
        coze.refused("coze.auth.before-parameters", answer, 401, 4100)
    answer = coze.get(f"{coze.bot}/no-such-thing", auth=False)
    coze.refused("coze.auth.after-route", answer, 404, 4000)


@checks("coze.auth.bot-token")
def test_token_of_another_bot(kit: Kit) -> None:
    """A Bot Token is valid only for its own bot."""
    if not kit.local:
        raise NotApplicableError(
            "the kit knows only the Bot Tokens of a mock, which contain the id of the bot"
        )
    coze = Coze.of(kit)
    token = {"Authorization": f"Bearer bot_{kit.coze_bot_id}"}
    good = coze.get(coze.bot, auth=False, headers=token)
    if good.status != 200:
        raise NotApplicableError("the target does not accept Bot Tokens of the form bot_ID")

    other = {"Authorization": f"Bearer bot_{kit.coze_workflow_id}"}

    answer = coze.get(f"{coze.bot}/analytics", _DAY, auth=False, headers=other)

    if answer.json.get("code") == 700012006:
        raise NotApplicableError("the target has no second bot with a Bot Token")
    coze.refused("coze.auth.bot-token", answer, 403, 4101)


@checks(
    "coze.http.answered",
    "coze.http.logid",
    "coze.http.logid-form",
    "coze.http.logid-fresh",
    "coze.http.logid-time",
    "coze.http.detail",
    "coze.http.json",
    "coze.http.raw-text",
    "coze.http.code",
    "coze.http.success",
    "coze.http.failure",
    "coze.http.ids",
    "coze.http.no-redirect",
    "coze.shape.success",
    "coze.shape.analytics",
    "coze.shape.logs",
    "coze.shape.extra",
    "coze.shape.once",
    "coze.shape.counted",
    "coze.shape.past",
    "coze.shape.named",
    "coze.shape.agreeing",
    "coze.number.rates",
    "coze.number.means",
)
def test_every_answer(kit: Kit) -> None:
    """Valid and invalid requests of each kind follow the rules of every response.

    These rules are checked on all other requests of the kit, too.
    """
    coze = Coze.of(kit)

    for path, text in reads(coze):
        coze.get(path, text)
        coze.get(path, query(start_date="never"))
        coze.get(path, text, auth=False)
    coze.days_of(*coze.span)
    coze.logs(start_date=coze.span[1], end_date=coze.span[1])
