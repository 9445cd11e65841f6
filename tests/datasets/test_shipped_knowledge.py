"""The knowledge bases that come with mockcbs."""

import re

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


@pytest.mark.parametrize("name", ["campus", "clinic", "shop"])
def test_customers_say_what_customers_say(name):
    """Only users of IT desks ask what HTTP 500 means, and nobody says 客官, as sellers do."""
    knowledge = knowledge_of(read_text(shipped("knowledge")[name]))
    remarks = [text for one in knowledge.small_talk for text in (one.question, *one.variants)]
    pairs = [text for one in knowledge.pairs for text in (one.question, *one.variants)]
    said = [*knowledge.unmatched, *knowledge.rephrasings, *remarks, *pairs, *knowledge.outages]

    assert not [text for text in said if re.search("客官|宝子|^http|error [45]00", text)]
