"""Errors of mockcbs itself, as ``application/problem+json`` (RFC 9457)."""

from typing import Any

from flask import Response

from mockcbs.core.numbers import compact


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it so
    """A request to mockcbs itself that cannot be fulfilled."""

    def __init__(self, status: int, title: str, detail: str, **members: Any) -> None:
        """*members* are added to the body."""
        super().__init__(detail)
        self.status, self.title, self.detail, self.members = status, title, detail, members


def render(problem: Problem) -> Response:
    """The response for *problem*."""
    body = {
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        **problem.members,
    }
    return Response(compact(body), problem.status, mimetype="application/problem+json")
