"""Members of enterprises, and their organizations (contract 3.14)."""

from typing import Any

from mockcbs.services.coze import agents, enterprises, errors
from mockcbs.services.coze.envelope import ok
from mockcbs.services.coze.schemas import teams as schemas
from mockcbs.services.coze.views.base import blp


@blp.post("/v1/enterprises/<enterprise_id>/members")
@blp.arguments(schemas.AddEnterpriseMembers, location="json")
@blp.answers()
def add_enterprise_members(body: dict[str, Any], enterprise_id: str) -> dict[str, Any]:
    """添加企业成员: add members."""
    enterprises.add_members("enterprise", _checked(enterprise_id), body["users"])
    return ok()


@blp.put("/v1/enterprises/<enterprise_id>/members/<user_id>")
@blp.arguments(schemas.ChangeEnterpriseMember, location="json")
@blp.answers()
def change_enterprise_member(body: dict[str, Any], enterprise_id: str, user_id: str) -> dict[str, Any]:
    """修改企业成员角色: change the role of a member."""
    enterprises.change_role("enterprise", _checked(enterprise_id), user_id, body["role"])
    return ok()


@blp.delete("/v1/enterprises/<enterprise_id>/members/<user_id>")
@blp.arguments(schemas.RemoveEnterpriseMember, location="json")
@blp.answers()
def remove_enterprise_member(body: dict[str, Any], enterprise_id: str, user_id: str) -> dict[str, Any]:
    """移除企业成员: remove a member; the receiver takes over the member's resources."""
    if body["receiver_user_id"] == user_id:
        raise errors.parameter("receiver_user_id must differ from the removed member")
    enterprises.remove_member("enterprise", _checked(enterprise_id), user_id)
    return ok()


@blp.post("/v1/enterprises/<enterprise_id>/organizations")
@blp.arguments(schemas.CreateOrganization, location="json")
@blp.answers("MadeOrganization")
def create_organization(body: dict[str, Any], enterprise_id: str) -> dict[str, Any]:
    """创建组织: create an organization of an enterprise."""
    made = enterprises.create_organization(_checked(enterprise_id), **body)
    return ok(data={"organization_id": made.id})


@blp.put("/v1/organizations/<organization_id>")
@blp.arguments(schemas.UpdateOrganization, location="json")
@blp.answers()
def update_organization(body: dict[str, Any], organization_id: str) -> dict[str, Any]:
    """更新组织: change the name or the description."""
    enterprises.change_organization(enterprises.organization(organization_id), **body)
    return ok()


@blp.post("/v1/organizations/<organization_id>/members")
@blp.arguments(schemas.AddOrganizationMembers, location="json")
@blp.answers()
def add_organization_members(body: dict[str, Any], organization_id: str) -> dict[str, Any]:
    """添加组织成员: add members."""
    enterprises.add_members("organization", enterprises.organization(organization_id).id, body["users"])
    return ok()


@blp.delete("/v1/organizations/<organization_id>/members/<user_id>")
@blp.arguments(schemas.RemoveOrganizationMember, location="json")
@blp.answers()
def remove_organization_member(body: dict[str, Any], organization_id: str, user_id: str) -> dict[str, Any]:
    """移除组织成员: remove a member."""
    del body
    enterprises.remove_member("organization", enterprises.organization(organization_id).id, user_id)
    return ok()


def _checked(enterprise_id: str) -> str:
    """The id of an enterprise; every id of the right form is one, unless it always fails."""
    agents.check_not_failing(enterprise_id)
    agents.check_form(enterprise_id)
    return enterprise_id
