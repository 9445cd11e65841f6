"""Records as a search shows them, and where a search runs."""

from mockcbs.core.waiting import StartOver, on_loop


def test_a_search_shows_segments_and_the_named_fields(table):
    """A search returns the named fields; only text cells are segments."""
    table.field("phone", 13)
    table.create({"workflow_id": "w1", "phone": "123", "input_len": 7})

    answer = table.call("POST", "/records/search", {"field_names": ["workflow_id", "phone"]})
    assert answer["data"]["items"][0]["fields"] == {
        "workflow_id": [{"text": "w1", "type": "text"}],
        "phone": "123",
    }


def test_views_filter_and_sort(make):
    """Records read with a view obey its filter and sort, each also alone; those of the call replace both."""
    client = make()
    slow = {
        "conjunction": "and",
        "conditions": [{"field_name": "ms", "operator": "isGreater", "value": ["1"]}],
    }
    falling = [{"field_name": "ms", "desc": True}]
    options = {"vewNone": {}, "vewSlow": {"filter": slow}, "vewDown": {"sort": falling}}
    options["vewBoth"] = {"filter": slow, "sort": falling}
    content = {
        "service": "feishu",
        "base": "bascnViews",
        "table": "tblViews",
        "name": "views",
        "fields": [{"name": "id"}, {"name": "ms", "type": "number"}],
        "views": [{"name": name, "id": name, "options": one} for name, one in options.items()],
        "rows": [{"id": str(ms), "ms": ms} for ms in (2, 1, 3)],
    }
    assert client.put("/_mockcbs/tables", json=content).status_code == 200
    path = "/open-apis/bitable/v1/apps/bascnViews/tables/tblViews"
    headers = {"Authorization": "Bearer t-any"}

    def found(view_id, **body):
        search = client.post(
            f"{path}/records/search", json={"view_id": view_id, **body}, headers=headers
        ).json
        query = {"view_id": view_id}
        listed = client.get(f"{path}/records", query_string=query, headers=headers).json
        times = [[one["fields"]["ms"] for one in each["data"]["items"]] for each in (search, listed)]
        assert body or times[0] == times[1]
        return times[0]

    assert {view_id: found(view_id) for view_id in options} == {
        "vewNone": [2, 1, 3],
        "vewSlow": [2, 3],
        "vewDown": [3, 2, 1],
        "vewBoth": [3, 2],
    }
    assert found("vewBoth", sort=[{"field_name": "id"}]) == [1, 2, 3]
    assert found("vewBoth", filter={"conjunction": "and", "conditions": []}) == [2, 1, 3]
    renamed = client.patch(f"{path}/views/vewBoth", json={"view_name": "x"}, headers=headers).json
    assert (renamed["code"], found("vewBoth")) == (0, [3, 2])
    hidden = {"property": {"hidden_fields": ["fldNone"]}}
    assert client.patch(f"{path}/views/vewBoth", json=hidden, headers=headers).json["code"] == 1254044


def test_a_quick_search_stays_on_the_event_loop(app, table):
    """Comparing the cells of all rows takes less than to start over in a thread; other searches leave it."""
    for first in range(0, 1_500, 500):
        table.create(*({"workflow_id": f"w{n}", "input_len": n} for n in range(first, first + 500)))
    same, long = ("input_len", "is", ["7"]), ("workflow_id", "contains", ["w7"])

    def stays(*conditions, **content) -> bool:
        try:
            with on_loop():
                return isinstance(table.search(*conditions, **content), list)
        except StartOver:
            return False

    is_quick = app.extensions["mockcbs"].documents.in_memory
    assert stays(same) == stays(same, ("workflow_id", "isNot", ["x"])) == is_quick
    assert not stays(*[same] * 10)
    assert not stays(long)
    assert not stays(same, long)
    assert not stays(same, same, conjunction="or")
    assert not stays(same, sort=[{"field_name": "input_len"}])


def test_pages_of_a_search_add_up(table):
    """Each page of what a filter finds goes on after the last record of the page before."""
    ids = table.create(*({"input_len": number} for number in range(9)))
    wanted = {"conditions": [{"field_name": "input_len", "operator": "isGreater", "value": ["1"]}]}
    seen, token, sizes = [], "", []
    while token or not seen:
        query = {"page_size": 3, **({"page_token": token} if token else {})}
        page = table.call("POST", "/records/search", {"filter": wanted}, **query)["data"]
        seen += [one["record_id"] for one in page["items"]]
        sizes.append(page["total"])
        token = page["page_token"]

    assert (seen, sizes) == (ids[2:], [7, 7, 7])
