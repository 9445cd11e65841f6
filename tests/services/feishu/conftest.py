"""A mock and a table of Feishu's, without a server."""

import itertools

import pytest

from mockcbs import Settings, create_app
from tests.services.feishu.stated import DATASET

NOW = 1_766_386_800_000
"""2025-12-22T15:00:00+08:00, a Monday."""

_numbers = itertools.count(1)


class Table:
    """A table of its own, as a client sees it."""

    def __init__(self, client):
        self._client = client
        self.path = f"/open-apis/bitable/v1/apps/bascnT{next(_numbers)}/tables/tblA"

    def call(self, method, path="", content=None, **query):
        """The answer to a call below the table."""
        return self._client.open(
            f"{self.path}{path}",
            method=method,
            json=content,
            query_string=query,
            headers={"Authorization": "Bearer t-any"},
        ).json

    def create(self, *rows):
        """Write rows; their ids."""
        content = {"records": [{"fields": row} for row in rows]}
        answer = self.call("POST", "/records/batch_create", content)
        assert answer["code"] == 0, answer
        return [record["record_id"] for record in answer["data"]["records"]]

    def code(self, name, value):
        """The code of writing one value."""
        return self.call("POST", "/records", {"fields": {name: value}})["code"]

    def field(self, name, type_, **more):
        """Add a field; its id."""
        answer = self.call("POST", "/fields", {"field_name": name, "type": type_, **more})
        assert answer["code"] == 0, answer
        return answer["data"]["field"]["field_id"]

    def search(self, *conditions, conjunction="and", **content):
        """The ids of the records that a search finds, or the code of its error."""
        if conditions:
            names = ("field_name", "operator", "value")
            made = [dict(zip(names, condition, strict=True)) for condition in conditions]
            content["filter"] = {"conjunction": conjunction, "conditions": made}
        return self._ids(self.call("POST", "/records/search", content, page_size=500))

    def list(self, formula=None, **query):
        """The same by a formula."""
        if formula:
            query["filter"] = formula
        return self._ids(self.call("GET", "/records", page_size=500, **query))

    def view(self, field_id, operator, value):
        """The same by a new view."""
        made = self.call("POST", "/views", {"view_name": f"v{next(_numbers)}"})["data"]["view"]["view_id"]
        condition = {"field_id": field_id, "operator": operator, "value": value}
        info = {"conjunction": "and", "conditions": [condition]}
        answer = self.call("PATCH", f"/views/{made}", {"property": {"filter_info": info}})
        return self.list(view_id=made) if answer["code"] == 0 else answer["code"]

    def read(self, record_id, **query):
        """The values of a record."""
        return self.call("GET", f"/records/{record_id}", **query)["data"]["record"]["fields"]

    def _ids(self, answer):
        if answer["code"]:
            return answer["code"]
        return [item["record_id"] for item in answer["data"]["items"]]


@pytest.fixture(scope="session")
def app():
    return create_app(Settings(now=NOW, dataset="empty"))


@pytest.fixture
def new_table(app):
    """Makes tables, also several in one test."""
    client = app.test_client()
    return lambda: Table(client)


@pytest.fixture
def table(new_table):
    return new_table()


@pytest.fixture
def make(tmp_path):
    def made(text=DATASET, **settings):
        (tmp_path / "mine.yaml").write_text(text, "utf-8")
        return create_app(Settings(dataset=str(tmp_path / "mine.yaml"), **settings)).test_client()

    return made
