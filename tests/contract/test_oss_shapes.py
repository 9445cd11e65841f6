"""The elements of the XML responses of OSS."""

from xml.etree import ElementTree as ET

import pytest

from mockcbs.contract.oss_shapes import SHAPES, Shape

LIST = Shape("List", {"Name": "a+", "At/Day": "mon|tue"}, {"Item": {"Size": r"\d+"}})
GOOD = "<List><Name>aa</Name><At><Day>tue</Day></At><Item><Size>1</Size><New/></Item></List>"


def problems(content, shape=LIST):
    return list(shape.problems(ET.fromstring(content)))


def test_a_good_response():
    """Additional elements and empty lists are no problems."""
    assert problems(GOOD) == []
    assert problems(GOOD.replace("<Item><Size>1</Size><New/></Item>", "")) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("List>", "Lists>", "the root is Lists, not List"),
        ("Name>", "Names>", "Name is missing"),
        ("tue", "sun", "At/Day is 'sun'"),
        ("<Size>1</Size>", "", "Item/Size is missing"),
        ("1", "-1", "Item/Size is '-1'"),
    ],
)
def test_problems(old, new, expected):
    """Each problem names the element, and its text if that is wrong."""
    assert problems(GOOD.replace(old, new)) == [expected]


def test_the_text_of_a_root_without_elements():
    """The location is the text of the root."""
    content = "<LocationConstraint>{}</LocationConstraint>"

    assert problems(content.format("oss-cn-hangzhou"), SHAPES["location"]) == []
    assert problems(content.format("cn-hangzhou"), SHAPES["location"]) != []
