"""What all routes of Coze read alike."""


def test_a_slash_at_the_end_changes_nothing(coze):
    """Routes answer with and without a slash at their end."""
    assert coze.post("/v1/conversation/create/", json={}).json["code"] == 0


def test_bodies_need_no_content_type(coze):
    """JSON is read with any content type; an empty body is an empty object."""
    bare = coze.post("/v1/conversation/create")
    form = coze.post(
        "/v1/conversation/create", data=b'{"name":"x"}', content_type="application/x-www-form-urlencoded"
    )

    assert (bare.json["data"]["name"], form.json["data"]["name"]) == ("", "x")
    assert coze.post("/v1/conversation/create", data=b"[]").json["code"] == 4000
