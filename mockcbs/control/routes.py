"""All routes of the control API. Each of these modules adds its own to the blueprint of `views`."""

from flask import Blueprint

from mockcbs.control import (
    dataset,
    explain,
    journal,
    messages,
    objects,
    reports,
    samples,
    tables,
    turns,
    views,
    webhooks,
)

_MODULES = (dataset, explain, journal, messages, objects, reports, samples, tables, turns, views, webhooks)


def blueprint() -> Blueprint:
    """The blueprint with all routes."""
    made: Blueprint = views.blp
    return made
