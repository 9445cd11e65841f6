"""IAM: the operations that clients of CBS need."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

from marshmallow import Schema

from mockcbs.contract.cbs import TAILS, Cbs
from mockcbs.contract.kit import Kit, NotApplicableError, checks, made_up
from mockcbs.contract.shapes import problems, repeated
from mockcbs.contract.targets import Answer, query
from mockcbs.services.iam import responses

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_SKEW = 5 * 60
_TOKEN, _DOMAINS, _PROJECTS = responses.TokenAnswer(), responses.Accounts(), responses.Projects()


def _user(kit: Kit, password: str | None = None) -> dict[str, Any]:
    ours = kit.credentials
    if not ours.iam_password or "iam" not in kit.targets:
        raise NotApplicableError("no IAM user is given")
    secret = ours.iam_password if password is None else password
    return {"name": ours.iam_user, "password": secret, "domain": {"name": ours.iam_domain}}


def _ask(kit: Kit, auth: object, text: str = "") -> Answer:
    body = json.dumps(auth).encode()
    return kit.call("iam", "POST", "/v3/auth/tokens", text, body=body, auth=False)


def _token(kit: Kit, scope: dict[str, Any] | None, text: str = "") -> Answer:
    auth: dict[str, Any] = {"identity": {"methods": ["password"], "password": {"user": _user(kit)}}}
    if scope is not None:
        auth["scope"] = scope
    answer = _ask(kit, {"auth": auth}, text)
    if given := answer.headers.get("X-Subject-Token"):
        kit.mask.add(given, "****")
    return answer


def _failure(status: int, message: str, title: str) -> dict[str, Any]:
    return {"error": {"code": status, "message": message, "title": title}}


def _problems(schema: Schema, answer: Answer) -> list[str]:
    return problems(schema, answer.json)[0][:5]


@checks(
    "iam.token", "iam.token-shape", "iam.token-times", "iam.token-scope", "iam.no-scope", "iam.token-works"
)
def test_token(kit: Kit) -> None:
    """A password returns a token for a project or a domain; without a scope, for the user's domain."""
    cases = [
        ("iam.token-scope", {"project": {"id": kit.project_id}}, "project"),
        ("iam.token-scope", {"domain": {"name": kit.credentials.iam_domain}}, "domain"),
        ("iam.no-scope", None, "domain"),
    ]
    for clause, scope, member in cases:
        answer = _token(kit, scope)
        kit.expect("iam.token", answer, answer.status, 201, "status")
        given = answer.headers.get("X-Subject-Token", "")
        kit.judge(
            "iam.token",
            answer,
            "X-Subject-Token: a token",
            "X-Subject-Token is present" if given else "none",
            held=bool(given),
        )
        token = answer.json["token"]
        kit.expect(clause, answer, sorted({"project", "domain"} & set(token)), [member], "scope")
        kit.expect("iam.token-shape", answer, _problems(_TOKEN, answer), [], "problems")
        kit.expect("iam.token-shape", answer, list(repeated(token))[:3], [], "listed twice")
        kit.expect("iam.token-shape", answer, token.get("methods"), ["password"], "methods")
        kit.expect("iam.token-shape", answer, token["user"]["name"], kit.credentials.iam_user, "user.name")
        _check_times(kit, answer, token)
        if member == "project":
            kit.expect("iam.token-scope", answer, token["project"]["id"], kit.project_id, "project.id")
            path = Cbs.of(kit).path(TAILS["session-stats"])
            text = query(start_time=0, end_time=1, interval="day")
            used = kit.call("cbs", "GET", path, text, headers={"X-Auth-Token": given}, auth=False)
            kit.expect("iam.token-works", used, used.status, 200, "status")


def _check_times(kit: Kit, answer: Answer, token: dict[str, Any]) -> None:
    texts = [token["issued_at"], token["expires_at"]]
    well_formed = all(_TIME.fullmatch(text) for text in texts)
    kit.judge("iam.token-times", answer, "2020-01-04T09:05:22.701000Z", " ".join(texts), held=well_formed)
    issued, expires = (datetime.fromisoformat(text) for text in texts)
    kit.expect("iam.token-times", answer, expires - issued, timedelta(days=1), "lifetime")
    off = abs(issued.timestamp() - kit.present(answer) / 1000)
    kit.judge("iam.token-times", answer, "issued_at: the current time", f"{off:.0f} s off", held=off <= _SKEW)


@checks("iam.nocatalog")
def test_no_catalog(kit: Kit) -> None:
    """With nocatalog the catalog is empty."""
    answer = _token(kit, {"project": {"id": kit.project_id}}, "nocatalog=true")

    kit.expect("iam.nocatalog", answer, answer.json["token"]["catalog"], [], "catalog")


@checks("iam.wrong-password")
def test_wrong_password(kit: Kit) -> None:
    """A wrong password is rejected. The kit tries only one, because more could lock the user."""
    user = _user(kit, made_up())

    answer = _ask(kit, {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}}})

    kit.expect("iam.wrong-password", answer, answer.status, 401, "status")
    expected = _failure(401, "The username or password is wrong.", "Unauthorized")
    kit.expect("iam.wrong-password", answer, answer.json, expected, "body")


@checks("iam.bad-body")
def test_bad_body(kit: Kit) -> None:
    """An incomplete or malformed body is rejected."""
    user = _user(kit, "x")
    bodies: list[object] = [
        {},
        {"auth": {}},
        {"auth": {"identity": {"methods": [], "password": {"user": user}}}},
        {"auth": {"identity": {"methods": ["password"]}}},
        {"auth": {"identity": {"methods": ["password"], "password": {"user": {**user, "name": 7}}}}},
    ]
    for answer in (
        kit.call("iam", "POST", "/v3/auth/tokens", body=b"{", auth=False),
        *(_ask(kit, body) for body in bodies),
    ):
        kit.expect("iam.bad-body", answer, answer.status, 400, "status")
        kit.expect(
            "iam.bad-body",
            answer,
            answer.json,
            _failure(400, "The request body is invalid", "Bad Request"),
            "body",
        )


@checks("iam.validate", "iam.validate-unknown")
def test_validate(kit: Kit) -> None:
    """A token can be validated; an unknown token is not found."""
    given = _token(kit, {"project": {"id": kit.project_id}}).headers["X-Subject-Token"]
    asked = {"X-Auth-Token": given, "X-Subject-Token": given}

    answer = kit.call("iam", "GET", "/v3/auth/tokens", headers=asked, auth=False)
    unknown = kit.call(
        "iam", "GET", "/v3/auth/tokens", headers={**asked, "X-Subject-Token": "none"}, auth=False
    )

    kit.expect("iam.validate", answer, answer.status, 200, "status")
    same = answer.headers.get("X-Subject-Token") == given
    kit.judge(
        "iam.validate",
        answer,
        "X-Subject-Token: the token",
        "the same token" if same else "another token",
        held=same,
    )
    kit.expect("iam.validate", answer, answer.json["token"]["project"]["id"], kit.project_id, "project.id")
    kit.expect("iam.validate", answer, _problems(_TOKEN, answer), [], "problems")
    kit.expect("iam.validate", answer, list(repeated(answer.json["token"]))[:3], [], "listed twice")
    kit.expect("iam.validate-unknown", unknown, unknown.status, 404, "status")
    expected = _failure(404, "X-Subject-Token is invalid in the request", "Not Found")
    kit.expect("iam.validate-unknown", unknown, unknown.json, expected, "body")


@checks("iam.domains")
def test_domains(kit: Kit) -> None:
    """The list of domains contains the account of the user, in the form that SDKs need."""
    answer = kit.call("iam", "GET", "/v3/auth/domains")

    kit.expect("iam.domains", answer, answer.status, 200, "status")
    kit.expect("iam.domains", answer, _problems(_DOMAINS, answer), [], "problems")
    kit.expect("iam.domains", answer, list(repeated(answer.json))[:3], [], "listed twice")
    names = [(domain["name"], domain["enabled"]) for domain in answer.json["domains"]]
    kit.judge("iam.domains", answer, "a domain that is enabled", str(names), held=any(on for _, on in names))


@checks("iam.projects", "iam.projects-name")
def test_projects(kit: Kit) -> None:
    """The list of projects filtered by region has one project, in the form that SDKs need."""
    answer = kit.call("iam", "GET", "/v3/projects")
    kit.expect("iam.projects", answer, answer.status, 200, "status")
    content = answer.json
    kit.expect("iam.projects", answer, _problems(_PROJECTS, answer), [], "problems")
    kit.expect("iam.projects", answer, list(repeated(content))[:3], [], "listed twice")
    named = content["projects"]
    kit.judge("iam.projects", answer, "a project", f"{len(named)} projects", held=bool(named))

    name = named[0]["name"]
    filtered = kit.call("iam", "GET", "/v3/projects", query(name=name))
    names = [project["name"] for project in filtered.json["projects"]]
    kit.expect("iam.projects-name", filtered, names, [name], f"projects named {name}")
