"""Errors of mockcbs itself."""

from mockcbs.web.problems import Problem, render


def test_rendered():
    """A problem has RFC 9457's media type and members, and those that it adds."""
    response = render(Problem(404, "Not Found", "no route for GET '/x'", nearest=["GET /y"]))

    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    assert response.json == {
        "title": "Not Found",
        "status": 404,
        "detail": "no route for GET '/x'",
        "nearest": ["GET /y"],
    }
