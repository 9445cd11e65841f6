"""The routes of the control surface."""

from flask import Response
from flask_smorest import Blueprint

from mockcbs import state

blp = Blueprint("control", __name__, url_prefix="/_mockcbs")


@blp.post("/reset")
@blp.alt_response(204, description="Done.")
def reset() -> Response:
    """Forget whatever clients did: all is as it was just after start."""
    state.current().reset()
    return Response(status=204)
