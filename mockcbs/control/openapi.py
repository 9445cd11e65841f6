"""The OpenAPI document, from the same schemas that check what comes in."""

from functools import cache
from typing import Any

from flask import Flask
from flask_smorest import Api

from mockcbs import __version__, services
from mockcbs.control import views


@cache
def document() -> dict[str, Any]:
    """Every operation of every service and of the control API.

    Made on an application of its own: flask-smorest's `Api` would bring its own error handlers.
    """
    app = Flask("mockcbs.openapi", static_folder=None)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    api = Api(app, spec_kwargs={"title": "mockcbs", "version": __version__, "openapi_version": "3.0.3"})
    for blueprint in (*(service.blueprint for service in services.SERVICES), views.blp):
        api.register_blueprint(blueprint)
    content: dict[str, Any] = api.spec.to_dict()
    return content
