"""The table of operations in `docs/coze.md` says what the operations say."""

from tests.docs.operations_table import PAGE, page


def test_the_table_is_that_of_the_operations():
    """Each operation has its row; the module's command rewrites them."""
    text = PAGE.read_text("utf-8")

    assert text == page(text), "run: python -m tests.docs.operations_table"


def test_a_missing_operation_is_noticed():
    """The command restores a removed row."""
    text = PAGE.read_text("utf-8")
    row = next(
        line for line in text.splitlines() if "`/v1/bots/{bot_id}/analytics`" in line and "使用" in line
    )

    assert page(text.replace(f"{row}\n", "")) == text
