"""Calls of Feishu with any token."""

BASE = "/open-apis/bitable/v1/apps"


def call(client, method, path, content=None, **query):
    """The body that comes back."""
    answer = client.open(
        path, method=method, json=content, query_string=query, headers={"Authorization": "Bearer t-any"}
    )
    return answer.json


def data(client, method, path, content=None, **query):
    """What is in a success."""
    answer = call(client, method, path, content, **query)
    assert answer["code"] == 0, answer
    return answer["data"]
