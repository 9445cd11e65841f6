"""Records as a search shows them."""


def test_a_search_shows_segments_and_the_named_fields(table):
    """Only text cells are segments."""
    table.field("phone", 13)
    table.create({"workflow_id": "w1", "phone": "123", "input_len": 7})

    answer = table.call("POST", "/records/search", {"field_names": ["workflow_id", "phone"]})
    assert answer["data"]["items"][0]["fields"] == {
        "workflow_id": [{"text": "w1", "type": "text"}],
        "phone": "123",
    }
