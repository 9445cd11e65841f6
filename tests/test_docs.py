"""The documentation names everything a user can type, and its links lead somewhere."""

import re
from pathlib import Path

import pytest

from mockcbs.app import sections
from mockcbs.core.files import read, shipped
from mockcbs.datasets import knowledge_schema, schema
from mockcbs.datasets.errors import DatasetError
from mockcbs.webhooks.schema import SubscriptionSchema

ROOT = Path(__file__).parent.parent
DATASETS = (ROOT / "docs/datasets.md").read_text("utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_every_operation_is_documented(app):
    """Each path is in a table of a service's page, or of the page on the control API."""
    pages = {
        "airtable": "docs/tables.md",
        "coze": "docs/coze.md",
        "console": "docs/console.md",
        "control": "docs/control.md",
        "explorer": "docs/openapi.md",
        "feishu": "docs/tables.md",
        "oss": "docs/oss.md",
        "tencent_docs": "docs/tables.md",
    }
    for rule in app.rules():
        page = (ROOT / pages.get(rule.endpoint.partition(".")[0], "docs/cbs.md")).read_text("utf-8")
        path = (
            re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
            .removeprefix("/v1/{project_id}/qabots/{qabot_id}")
            .removeprefix("/_mockcbs/")
        )
        assert path in page, path


def test_every_dataset_is_documented():
    """The page describes each shipped dataset."""
    for name in shipped("datasets"):
        assert f"| `{name}` |" in DATASETS, name


@pytest.mark.parametrize(
    "schema",
    [
        schema.DatasetSchema,
        schema.BotSchema,
        schema.TrafficSchema,
        schema.SessionSchema,
        schema.TurnSchema,
        knowledge_schema.KnowledgeSchema,
        knowledge_schema.PairSchema,
        SubscriptionSchema,
    ],
)
def test_every_key_of_a_dataset_is_documented(schema):
    """The page explains each key of a dataset file."""
    for key in schema().fields:
        assert f"`{key}`" in DATASETS or f"{key}:" in DATASETS, key


def test_the_complete_example_is_a_dataset(tmp_path):
    """The example of the format can be served."""
    file = tmp_path / "example.yaml"
    file.write_text(re.search(r"```yaml\n(.*?)```", DATASETS, re.DOTALL)[1], "utf-8")

    assert shipped("datasets")
    dataset = read(file, schema.dataset_schema(sections()), DatasetError)

    assert len(dataset["bots"]) == 2
    assert len(dataset["services"]["webhooks"]) == 1


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    """Every relative link is to a file that exists."""
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target
