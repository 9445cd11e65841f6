"""The collaborators of bots, apps and workflows (contract 3.1.5)."""

from dataclasses import dataclass, replace
from typing import Literal

from mockcbs.core.errors import ApiError
from mockcbs.services.coze import errors, workspaces
from mockcbs.services.coze.envelope import WORKSPACE
from mockcbs.services.coze.records import Records
from mockcbs.web import context

Kind = Literal["bot", "app", "workflow"]
SINGLE, COLLABORATION = MODES = ("single", "collaboration")


@dataclass(frozen=True)
class Team:
    """The collaborators of one bot, app or workflow."""

    kind: Kind
    entity_id: str
    mode: str = SINGLE
    """Whether collaborators are allowed; only bots need to be opened for them."""
    user_ids: tuple[str, ...] = ()


_KEPT = Records("coze.team", Team)


def of(kind: Kind, entity_id: str) -> Team:
    """The present collaborators."""
    return _KEPT.get(f"{kind}/{entity_id}") or Team(kind, entity_id)


def set_mode(team: Team, mode: str) -> None:
    """Open or close a bot for collaborators; raises `ApiError` 4000 while a bot to close has some."""
    if mode == SINGLE and team.user_ids:
        raise errors.parameter(f"delete the collaborators first: {', '.join(team.user_ids)}")
    _keep(replace(team, mode=mode))


def add(team: Team, user_id: str) -> None:
    """Add a collaborator.

    Raises `ApiError` 4201 for a present collaborator, 4000 for a bot that is closed for collaborators. With
    ``--strict`` the user must be a member of the workspace.
    """
    if team.kind == "bot" and team.mode == SINGLE:
        raise errors.parameter(f"bot {team.entity_id} is not in collaboration_mode collaboration")
    if user_id in team.user_ids:
        raise ApiError(
            errors.MEMBER_EXISTS, f"user {user_id} is a collaborator of {team.kind} {team.entity_id}"
        )
    strict = context.mock().settings.strict
    if strict and not workspaces.has_member(workspaces.find(WORKSPACE), user_id):
        raise errors.parameter(f"user {user_id} is not a member of the workspace (--strict)")
    _keep(replace(team, user_ids=(*team.user_ids, user_id)))


def remove(team: Team, user_id: str) -> None:
    """Remove a collaborator; raises `ApiError` 4200 for another user."""
    if user_id not in team.user_ids:
        raise ApiError(
            errors.RESOURCE_NOT_FOUND, f"user {user_id} is not a collaborator of {team.kind} {team.entity_id}"
        )
    _keep(replace(team, user_ids=tuple(one for one in team.user_ids if one != user_id)))


def _keep(team: Team) -> None:
    _KEPT.put(f"{team.kind}/{team.entity_id}", team)
