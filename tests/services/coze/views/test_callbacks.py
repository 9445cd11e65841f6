"""The calls about callback apps."""

from tests.services.coze.calls import code, data

URL = "/v1/api_apps"


def test_events_are_listed_in_pages(coze):
    """A page token states where the next page begins; the last page has none."""
    app = data(coze.post(URL, json={"app_type": "normal", "name": "mine"}))["id"]
    kinds = ["bot.published", "bot.unpublished", "benefit.usage"]
    coze.post(f"{URL}/{app}/events", json={"event_types": kinds})

    first = data(coze.get(f"{URL}/{app}/events?page_size=2"))
    rest = data(coze.get(f"{URL}/{app}/events?page_size=2&page_token={first['next_page_token']}"))

    assert [item["event_type"] for item in first["items"] + rest["items"]] == kinds
    assert (first["has_more"], rest["has_more"]) == (True, False)
    assert "next_page_token" not in rest
    coze.delete(f"{URL}/{app}/events", json={"event_types": kinds[:2]})
    left = data(coze.get(f"{URL}/{app}/events"))["items"]
    assert [item["event_type"] for item in left] == kinds[2:]


def test_apps_are_listed_by_type(coze):
    """An app without a channel has no channel id, and a deleted app is not listed."""
    normal = data(coze.post(URL, json={"app_type": "normal", "name": "mine"}))
    channel = data(coze.post(URL, json={"app_type": "connector", "connector_id": "999"}))

    listed = data(coze.get(f"{URL}?app_type=connector"))["items"]

    assert listed == [channel]
    assert "connector_id" not in normal
    assert code(coze.delete(f"{URL}/{channel['id']}")) == 0
    assert code(coze.delete(f"{URL}/{channel['id']}")) == 4200


def test_an_app_gets_another_name(coze):
    """An app that gets another name keeps its token."""
    app = data(coze.post(URL, json={"app_type": "normal", "name": "mine"}))

    assert code(coze.put(f"{URL}/{app['id']}", json={"name": "ours"})) == 0

    assert data(coze.get(URL))["items"] == [{**app, "name": "ours"}]
