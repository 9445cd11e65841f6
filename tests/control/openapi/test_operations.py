"""Operations in documents."""

import re

import pytest

from tests.control.openapi.described import described, operations


def test_every_operation_is_described():
    """An operation has a summary, typed parameters, its success, its errors, and its credentials."""
    whole = described(None)

    for one in operations(whole):
        where = one["operationId"]
        assert re.match(r"[A-Z]", one["summary"]), where
        assert one["tags"][0] in {tag["name"] for tag in whole["tags"]}, where
        assert any(status[0] in "23" for status in one["responses"]), where
        assert one.keys() >= {"security", "x-mockcbs-operation"}, where
        for parameter in one.get("parameters", ()):
            assert parameter["schema"].keys() & {"type", "oneOf"}, f"{where} {parameter['name']}"
            assert "example" in parameter or not parameter["required"], f"{where} {parameter['name']}"
        for media in one.get("requestBody", {}).get("content", {}).values():
            assert "example" in media, where


@pytest.mark.parametrize("name", ["cbs", "iam", "coze", "feishu", "oss", "tencent_docs"])
def test_summaries_have_the_vendor_s_chinese_name(name):
    """Each summary has the vendor's Chinese name beside the English sentence."""
    for one in operations(described(name)):
        assert re.search(r"[A-Za-z]{3}.*[\u4e00-\u9fff]", one["summary"]), one["operationId"]
