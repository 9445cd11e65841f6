"""Errors of the operations that talk to a bot.

Without permission to write, the kit sends only requests that would not ask a question if they were accepted,
or that the vendor documents as errors.
"""

from mockcbs.contract.dialogue import Dialogue
from mockcbs.contract.kit import Kit, checks, made_up
from mockcbs.contract.targets import Answer

_ASKING = ("chat", "requests", "suggestions")
_NO_QUESTION: list[object] = [{}, {"question": ""}, {"question": None}, {"user_id": "u", "session_id": "s"}]
_BROKEN: list[object] = [
    b"{",
    b"no json",
    b'{"question": "\xff"}',
    [],
    "text",
    {"question": 5},
    {"question": ["x"]},
    {"question": {"text": "x"}},
]
_RATINGS: list[object] = [{}, {"degree": "1"}, {"degree": 1.5}, {"degree": 2}, {"degree": None}, [1], b"{"]
_MAX_QUESTION = 512
_CONTENT = "请求参数内容错误"


def _refused(kit: Kit, clause: str, answer: Answer, code: str, message: str) -> None:
    kit.expect(clause, answer, answer.status, 400, "status")
    kit.expect(clause, answer, answer.json, {"error_code": code, "error_msg": message}, "body")


@checks("cbs.suggestions-question", "cbs.question-required")
def test_no_question(kit: Kit) -> None:
    """A request without a question is rejected with the documented message."""
    for tail in _ASKING:
        clause = "cbs.suggestions-question" if tail == "suggestions" else "cbs.question-required"
        for body in _NO_QUESTION:
            if tail == "suggestions" and body and body.get("question") == "":
                continue  # an empty text is valid here: it returns an empty list
            answer = Dialogue.of(kit).post(tail, body)
            _refused(kit, clause, answer, "CBS.0022", "question can not be null")


@checks("cbs.bad-body")
def test_bad_bodies(kit: Kit) -> None:
    """A malformed body, or a body that is not an object with a question, is rejected."""
    for tail in _ASKING:
        for body in _BROKEN:
            _refused(
                kit, "cbs.bad-body", Dialogue.of(kit).post(tail, body), "CBS.0099", "request body invalid."
            )
    for top in ("3", 1.5, True, [2]):
        answer = Dialogue.of(kit).post("suggestions", {"question": "x", "top": top})
        _refused(kit, "cbs.bad-body", answer, "CBS.0099", "request body invalid.")


@checks("cbs.bad-body", "cbs.question-required")
def test_bad_bodies_with_a_question(kit: Kit) -> None:
    """The other members of a body must also have the right types."""
    talk = Dialogue.writing(kit)
    wrong: list[dict[str, object]] = [{"user_id": 5}, {"chat_enable": "yes"}, {"extends": []}]
    session = f"sessions/{talk.open()}"
    for tail, more in (
        ("chat", [*wrong, {"query_types": 0}, {"query_types": ["0"]}, {"session_id": 5}]),
        ("requests", [{"session_id": made_up(), **one} for one in (*wrong, {"operate_type": "0"})]),
        (session, wrong),
    ):
        for members in more:
            with kit.part("cbs.bad-body"):
                answer = talk.post(tail, {"question": made_up(), **members})
                _refused(kit, "cbs.bad-body", answer, "CBS.0099", "request body invalid.")
    for body in _NO_QUESTION:
        with kit.part("cbs.question-required"):
            answer = talk.post(session, body)
            _refused(kit, "cbs.question-required", answer, "CBS.0022", "question can not be null")
    for body in _BROKEN:
        with kit.part("cbs.bad-body"):
            _refused(kit, "cbs.bad-body", talk.post(session, body), "CBS.0099", "request body invalid.")


@checks("cbs.D-11")
def test_no_session(kit: Kit) -> None:
    """Single round requires a session id from the caller."""
    talk = Dialogue.of(kit)
    bodies: list[dict[str, object]] = [{}, {"session_id": ""}, {"session_id": None}] if kit.writes else [{}]
    for more in bodies:
        answer = talk.post("requests", {"question": made_up(), **more})
        _refused(kit, "cbs.D-11", answer, "CBS.0022", "session_id can not be null")


@checks("cbs.bad-rating", "cbs.D-17")
def test_bad_rating(kit: Kit) -> None:
    """A rating is 1 or -1; anything else is rejected."""
    tail = f"requests/{made_up()}/satisfaction"
    for body in _RATINGS:
        answer = Dialogue.of(kit).post(tail, body)
        _refused(kit, "cbs.bad-rating", answer, "CBS.0099", "request body invalid.")
    _refused(kit, "cbs.D-17", Dialogue.of(kit).post(tail, {"degree": 0}), "CBS.0099", "request body invalid.")


@checks("cbs.unknown-request", "cbs.unknown-request-rated", "cbs.body-none")
def test_unknown_request(kit: Kit) -> None:
    """Labor and satisfaction for an unknown request are rejected; labor needs no body."""
    talk = Dialogue.of(kit)
    for body in (b"", {}):
        answer = talk.post(f"requests/{made_up()}/labor", body)
        _refused(kit, "cbs.unknown-request", answer, "CBS.2344", "request to change not exist")
        kit.expect("cbs.body-none", answer, answer.status, 400, "status")
    for degree in (1, -1):
        answer = talk.post(f"requests/{made_up()}/satisfaction", {"degree": degree})
        _refused(kit, "cbs.unknown-request-rated", answer, "CBS.2344", "request to change not exist")


@checks("cbs.unknown-session")
def test_unknown_session(kit: Kit) -> None:
    """A session must be opened before it is used."""
    answer = Dialogue.writing(kit).post(f"sessions/{made_up()}", {"question": made_up()})

    _refused(kit, "cbs.unknown-session", answer, "CBS.3254", "RESOURCE_NOT_EXIST_EXCEPTION")


@checks("cbs.suggestions-length", "cbs.suggestions-top")
def test_limits_of_suggestions(kit: Kit) -> None:
    """The limits on the length of a question and of the list are inclusive."""
    talk = Dialogue.of(kit)
    for question in ("x", "字" * _MAX_QUESTION, "🙂" * _MAX_QUESTION):
        answer = talk.post("suggestions", {"question": question})
        kit.expect("cbs.suggestions-length", answer, answer.status, 200, "status")
    for question in ("x" * (_MAX_QUESTION + 1), "字" * (_MAX_QUESTION + 1)):
        answer = talk.post("suggestions", {"question": question})
        _refused(kit, "cbs.suggestions-length", answer, "CBS.0022", _CONTENT)
    for top in (1, 10):
        answer = talk.post("suggestions", {"question": "x", "top": top})
        kit.expect("cbs.suggestions-top", answer, answer.status, 200, f"status (top={top})")
    for top in (0, 11, -1):
        answer = talk.post("suggestions", {"question": "x", "top": top})
        _refused(kit, "cbs.suggestions-top", answer, "CBS.0022", _CONTENT)


@checks("cbs.question-length", "cbs.single-limits", "cbs.chat-limits")
def test_limits_of_questions(kit: Kit) -> None:
    """Questions at the limits are accepted; questions beyond the limits are rejected."""
    talk = Dialogue.writing(kit)
    session, mine = f"sessions/{talk.open()}", {"session_id": made_up()}
    cases: list[tuple[str, str, dict[str, object], dict[str, object]]] = [
        ("cbs.single-limits", "requests", {"extends": {"top": 1}}, {"extends": {"top": 0}}),
        ("cbs.single-limits", "requests", {"extends": {"top": 10}}, {"extends": {"top": 11}}),
        (
            "cbs.single-limits",
            "requests",
            {"extends": {"domains": _many(10)}},
            {"extends": {"domains": _many(11)}},
        ),
        ("cbs.chat-limits", "chat", {"query_types": [0, 1, 2, 3, 4, 5]}, {"query_types": [0, 6]}),
        ("cbs.chat-limits", "chat", {"query_types": []}, {"query_types": [-1]}),
        (
            "cbs.chat-limits",
            "chat",
            {"extends": {"domain_ids": _many(10)}},
            {"extends": {"domain_ids": _many(11)}},
        ),
        (
            "cbs.chat-limits",
            session,
            {"extends": {"domain_ids": _many(10)}},
            {"extends": {"domain_ids": _many(11)}},
        ),
    ]
    cases += [
        (
            "cbs.question-length",
            tail,
            {"question": "字" * _MAX_QUESTION},
            {"question": "字" * (_MAX_QUESTION + 1)},
        )
        for tail in ("chat", "requests", session)
    ]
    for clause, tail, good, bad in cases:
        body = {"question": made_up(), **(mine if tail == "requests" else {})}
        with kit.part(clause):
            taken, refused = talk.post(tail, {**body, **good}), talk.post(tail, {**body, **bad})
            kit.expect(clause, taken, taken.status, 200, "status")
            _refused(kit, clause, refused, "CBS.0022", _CONTENT)


def _many(count: int) -> list[str]:
    return [f"c{number}" for number in range(count)]


@checks("cbs.body-order", "auth.missing", "auth.bad-token", "cbs.D-13")
def test_order_of_checks(kit: Kit) -> None:
    """The body is checked last, after path, credentials and bot."""
    talk = Dialogue.of(kit)
    made = made_up()
    for tail in ("chat", "requests", "sessions/x", "suggestions", f"requests/{made}/satisfaction"):
        talk.post(tail, {})
        nobody = talk.post(tail, {}, auth=False)
        expired = talk.post(tail, {}, auth=False, headers={"X-Auth-Token": "expired-token"})
        path = talk.cbs.path(tail, "no-such-bot")
        unknown = kit.call("cbs", "POST", path, body=b"{}")
        for clause, answer, expected in (
            ("auth.missing", nobody, 401),
            ("auth.bad-token", expired, 401),
            ("cbs.body-order", nobody, 401),
            ("cbs.D-13", unknown, 400),
        ):
            kit.expect(clause, answer, answer.status, expected, f"status ({tail})")
        kit.expect("cbs.body-order", unknown, unknown.json.get("error_code"), "CBS.2114", "error_code")


@checks("http.wrong-method", "http.trailing-slash")
def test_wrong_methods(kit: Kit) -> None:
    """Other methods of a path, and paths with a slash at the end, return 404."""
    talk = Dialogue.of(kit)
    for tail, methods in (
        ("chat", ("GET", "PUT", "DELETE")),
        ("requests", ("GET", "PATCH")),
        ("sessions", ("GET", "PUT")),
        ("sessions/x", ("GET", "PUT")),
        ("suggestions", ("GET", "PUT")),
        ("requests/x/labor", ("GET", "PUT")),
        ("requests/x/satisfaction", ("GET", "PUT")),
    ):
        if tail != "sessions":
            talk.post(tail, {})
        for method in methods:
            answer = talk.cbs.get(tail, method=method)
            kit.expect("http.wrong-method", answer, answer.status, 404, f"status of {method}")
            message = "The API does not exist."
            kit.expect("http.wrong-method", answer, answer.json.get("error_msg"), message, "error_msg")
    for tail in ("chat/", "suggestions/", "requests/"):
        answer = talk.cbs.get(tail, method="POST", body=b"{}")
        kit.expect("http.trailing-slash", answer, answer.status, 404, "status")
