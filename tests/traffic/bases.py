"""The knowledge bases that come with mockcbs."""

from functools import cache
from importlib import resources

import yaml

from mockcbs.datasets.knowledge_schema import KnowledgeSchema
from mockcbs.traffic.knowledge import KnowledgeBase

SHIPPED = ("campus", "clinic", "cloud-en", "office", "shop")


@cache
def shipped(name: str) -> KnowledgeBase:
    """The knowledge base of that name."""
    text = (resources.files("mockcbs.fixtures") / f"knowledge/{name}.yaml").read_text("utf-8")
    return KnowledgeSchema().load(yaml.safe_load(text))
