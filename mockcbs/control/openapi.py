"""The OpenAPI document, from the same schemas that check what comes in."""

from functools import cache
from importlib import import_module
from typing import Any

from flask import Flask
from flask_smorest import Api, Blueprint

from mockcbs import __version__
from mockcbs.control import answers  # noqa: F401 - the views name what they answer
from mockcbs.services.base import Service


@cache
def document(services: tuple[Service, ...], control: Blueprint) -> dict[str, Any]:
    """Every operation of *services* and of the *control* API.

    Made on an application of its own: flask-smorest's `Api` would bring its own error handlers.
    """
    app = Flask("mockcbs.openapi", static_folder=None)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    api = Api(app, spec_kwargs={"title": "mockcbs", "version": __version__, "openapi_version": "3.0.3"})
    for service in services:
        if service.answers:
            import_module(service.answers)
        api.register_blueprint(service.blueprint)
    api.DEFAULT_ERROR_RESPONSE_NAME = None  # the mock's own answers are all documented
    api.register_blueprint(control)
    content: dict[str, Any] = api.spec.to_dict()
    return content
