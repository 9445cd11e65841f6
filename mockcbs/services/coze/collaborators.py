"""Who works on a bot, an app or a workflow beside its owner (contract 3.1.5)."""

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
    """Only bots have to be opened for collaborators."""
    user_ids: tuple[str, ...] = ()


_KEPT = Records("coze.team", Team)


def of(kind: Kind, entity_id: str) -> Team:
    """Who works on it so far."""
    return _KEPT.get(f"{kind}/{entity_id}") or Team(kind, entity_id)


def set_mode(team: Team, mode: str) -> None:
    """Open or close a bot for collaborators; 4000 if it still has some that would be shut out."""
    if mode == SINGLE and team.user_ids:
        raise errors.parameter(f"delete the collaborators first: {', '.join(team.user_ids)}")
    _keep(replace(team, mode=mode))


def add(team: Team, user_id: str) -> None:
    """Let a user work on it; 4201 if that user does, 4000 for a bot that is not open for collaborators.

    With ``--strict`` only members of the workspace can.
    """
    if team.kind == "bot" and team.mode == SINGLE:
        raise errors.parameter(f"bot {team.entity_id} is not in collaboration_mode collaboration")
    if user_id in team.user_ids:
        raise ApiError(
            errors.MEMBER_EXISTS, f"user {user_id} is a collaborator of {team.kind} {team.entity_id}"
        )
    strict = context.mock().settings.strict
    if strict and not workspaces.has_member(workspaces.find(WORKSPACE), user_id):
        raise errors.parameter(f"user {user_id} is no member of the workspace (--strict)")
    _keep(replace(team, user_ids=(*team.user_ids, user_id)))


def remove(team: Team, user_id: str) -> None:
    """Let a user work on it no more; 4200 for one who does not."""
    if user_id not in team.user_ids:
        raise ApiError(
            errors.RESOURCE_NOT_FOUND, f"user {user_id} is no collaborator of {team.kind} {team.entity_id}"
        )
    _keep(replace(team, user_ids=tuple(one for one in team.user_ids if one != user_id)))


def _keep(team: Team) -> None:
    _KEPT.put(f"{team.kind}/{team.entity_id}", team)
