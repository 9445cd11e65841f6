"""The knowledge bases that come with mockcbs."""

import pytest

from mockcbs.core import yaml_values
from mockcbs.core.files import read_text, shipped
from mockcbs.datasets.knowledge_schema import KnowledgeSchema
from mockcbs.datasets.shipped_knowledge import knowledge_of


@pytest.mark.parametrize("name", sorted(shipped("knowledge")))
def test_it_is_what_the_schema_reads(name):
    """It is read without validation at each start."""
    text = read_text(shipped("knowledge")[name])

    assert vars(knowledge_of(text)) == vars(KnowledgeSchema().load(yaml_values.load(text)))
