"""Apps, folders, templates and callback apps."""

from mockcbs.services.coze.envelope import WORKSPACE
from mockcbs.services.coze.responses import apps
from tests.services.coze.calls import data
from tests.services.coze.responses.refusing import refused


def test_apps_and_folders(coze):
    """Times are Unix seconds, and counts are numbers."""
    listed = data(coze.get(f"/v1/apps?workspace_id={WORKSPACE}"))
    folders = data(coze.get(f"/v1/folders?workspace_id={WORKSPACE}&folder_type=library"))

    (app,) = listed["items"]
    refused(apps.Apps, listed, total="1", items=[{**app, "updated_at": app["updated_at"] * 1000}])
    refused(apps.Folders, folders, total_count=None)
    refused(apps.Folder, folders["items"][0], children_count="0", id="")


def test_templates(coze):
    """The response for a copied template needs an id and a known type."""
    made = data(coze.post("/v1/templates/7439828073344200001/duplicate", json={"workspace_id": WORKSPACE}))

    refused(apps.MadeEntity, made, entity_id="", entity_type=1)


def test_callback_apps(coze):
    """Apps and their events have pages with a page token."""
    made = data(coze.post("/v1/api_apps", json={"app_type": "normal", "name": "mine"}))
    url = f"/v1/api_apps/{made['id']}/events"
    coze.post(url, json={"event_types": ["bot.published"]})

    refused(apps.CallbackApp, made, id="", callback_url=None)
    refused(apps.CallbackApps, data(coze.get("/v1/api_apps")), has_more="false", items=[{}])
    refused(apps.CallbackEvents, data(coze.get(url)), has_more=0, items=[{}])
