"""The routes of IAM (contract section 4)."""

from typing import Any, NoReturn

from flask import Response, jsonify, request
from marshmallow import Schema

from mockcbs.core import clock
from mockcbs.core.errors import ApiError
from mockcbs.services.gateway.projects import region_of_host, region_of_name
from mockcbs.services.gateway.tokens import Token, TokenMint
from mockcbs.services.iam import errors, schemas
from mockcbs.services.iam.identity import Directory, Project
from mockcbs.web import context
from mockcbs.web.arguments import Blueprint, Parser
from mockcbs.web.cache import caching
from mockcbs.web.documented import header
from mockcbs.web.paging import page

_RESPONSES = "mockcbs.services.iam.responses."
"""The module with the schemas that are named here; only documents import it, to keep the start fast."""
_GLOBAL_ENDPOINT = "https://iam.myhuaweicloud.com"


class _IamParser(Parser):
    def refuse(self, schema: Schema, problems: dict[str, str]) -> NoReturn:
        in_query = isinstance(schema, schemas.ProjectsQuery)
        spec = errors.PARAMETER_INVALID if in_query else errors.BODY_INVALID
        raise ApiError(spec, "; ".join(f"{member}: {text}" for member, text in problems.items()))


class _IamBlueprint(Blueprint):
    ARGUMENTS_PARSER = _IamParser()


blp = _IamBlueprint("iam", __name__, url_prefix="/v3")


@blp.post("/auth/tokens")
@blp.arguments(schemas.TokenQuery, location="query")
@blp.arguments(schemas.TokenRequest, location="json")
@blp.alt_response(201, schema=f"{_RESPONSES}TokenAnswer")
def create_token(query: dict[str, Any], body: dict[str, Any]) -> Response:
    """获取IAM用户Token: issue a token for a password."""
    settings = context.mock().settings
    directory = Directory(settings)
    user, scope = body["auth"]["identity"]["password"]["user"], body["auth"]["scope"]
    domain = user["domain"]["name"]
    if not directory.password_fits(domain, user["name"], user["password"]):
        raise ApiError(errors.WRONG_PASSWORD, f"user {user['name']!r} of {domain!r} has another password")
    project = _scoped(directory, scope["project"]) if scope.get("project") else None
    token = Token(
        domain,
        user["name"],
        context.now(),
        project.id if project else None,
        project.name if project else None,
        region_of_name(project.name) if project else region_of_host(request.host),
    )
    catalog = [] if query["nocatalog"] else _catalog(project)
    return _token_response(token, TokenMint(settings.secret).issue(token), 201, catalog)


@blp.get("/auth/tokens")
@blp.arguments(schemas.TokenQuery, location="query")
@blp.documented(parameters=[header("X-Subject-Token", "The token to read.", required=True)])
@blp.alt_response(200, schema=f"{_RESPONSES}TokenAnswer")
def read_token(query: dict[str, Any]) -> Response:
    """校验Token: the content of a token."""
    text = request.headers.get("X-Subject-Token", "")
    token = TokenMint(context.mock().settings.secret).read(text)
    if token is None or context.now() >= token.expires_at:
        raise ApiError(errors.TOKEN_NOT_FOUND, "X-Subject-Token was not issued here, or has expired")
    caching.depends_on()
    caching.expires(token.expires_at)
    project = Project(token.project_id, token.project_name or "") if token.project_id else None
    return _token_response(token, text, 200, [] if query["nocatalog"] else _catalog(project))


@blp.get("/projects")
@blp.arguments(schemas.ProjectsQuery, location="query")
@blp.alt_response(200, schema=f"{_RESPONSES}Projects")
def list_projects(query: dict[str, Any]) -> dict[str, Any]:
    """查询项目列表: the projects of the account; SDKs call it to find the project of a region."""
    caching.depends_on()
    settings = context.mock().settings
    directory = Directory(settings)
    domain_id = directory.domain_id(settings.iam_domain)
    found = [directory.project(name=query["name"])] if query.get("name") else list(directory.projects)
    shown = [project for project in found if project and _passes(query, domain_id)]
    return {
        "links": _links("projects"),
        "projects": [
            _project(project, domain_id) for project in shown[page(query["page"], query["per_page"])]
        ],
    }


@blp.get("/auth/domains")
@blp.alt_response(200, schema=f"{_RESPONSES}Accounts")
def list_domains() -> dict[str, Any]:
    """查询账号: the account of the caller."""
    caching.depends_on()
    settings = context.mock().settings
    domain_id = Directory(settings).domain_id(settings.iam_domain)
    return {
        "domains": [
            {
                "description": "",
                "enabled": True,
                "id": domain_id,
                "links": {"self": f"{_GLOBAL_ENDPOINT}/v3/domains/{domain_id}"},
                "name": settings.iam_domain,
            }
        ],
        "links": _links("auth/domains"),
    }


def _scoped(directory: Directory, target: dict[str, str]) -> Project:
    project = directory.project(name=target.get("name"), identifier=target.get("id"))
    if project is None:
        raise ApiError(errors.WRONG_PASSWORD, f"no project {target} to scope the token to (--strict)")
    return project


def _passes(query: dict[str, Any], domain_id: str) -> bool:
    """Whether the projects of the account match the filters; these projects differ only in their names."""
    owners = {query.get("domain_id") or domain_id, query.get("parent_id") or domain_id}
    return owners == {domain_id} and query.get("enabled", True) and not query.get("is_domain", False)


def _token_response(token: Token, text: str, status: int, catalog: list[dict[str, Any]]) -> Response:
    directory = Directory(context.mock().settings)
    domain = {"id": directory.domain_id(token.domain), "name": token.domain}
    scope: dict[str, Any] = {"domain": domain}
    if token.project_id:
        scope = {"project": {"domain": domain, "id": token.project_id, "name": token.project_name}}
    response = jsonify(
        {
            "token": {
                "catalog": catalog,
                "expires_at": clock.iso(token.expires_at, timespec="microseconds"),
                "issued_at": clock.iso(token.issued_at, timespec="microseconds"),
                "methods": ["password"],
                **scope,
                "roles": [{"id": "0", "name": "te_admin"}],
                "user": {
                    "domain": domain,
                    "id": directory.user_id(token.domain, token.user),
                    "name": token.user,
                    "password_expires_at": "",
                },
            }
        }
    )
    response.status_code = status
    response.headers["X-Subject-Token"] = text
    return response


def _catalog(project: Project | None) -> list[dict[str, Any]]:
    region = project.name if project else "*"
    endpoint = {
        "id": "33e1cbdd86d34e89a63cf8ad16a5f49f",
        "interface": "public",
        "region": region,
        "region_id": region,
        "url": f"{_GLOBAL_ENDPOINT}/v3",
    }
    return [{"endpoints": [endpoint], "id": "100a6a3477f1495286579b819d399e36", "name": "iam", "type": "iam"}]


def _project(project: Project, domain_id: str) -> dict[str, Any]:
    return {
        "description": "",
        "domain_id": domain_id,
        "enabled": True,
        "id": project.id,
        "is_domain": False,
        "links": _links(f"projects/{project.id}"),
        "name": project.name,
        "parent_id": domain_id,
    }


def _links(path: str) -> dict[str, Any]:
    return {"next": None, "previous": None, "self": f"{_GLOBAL_ENDPOINT}/v3/{path}"}
