"""The words that the shells of the console show before any script runs; the scripts have their own."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

Language = Literal["en", "zh"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

PAGES = ("analysis", "calls", "trouble", "deliveries", "tables", "messages", "objects")
"""The pages, in the order of the menu."""

WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "analysis": "Analysis",
        "calls": "Calls",
        "trouble": "Time & trouble",
        "deliveries": "Deliveries",
        "tables": "Tables",
        "messages": "Messages",
        "objects": "Objects",
        "explorer": "API explorer",
        "menu": "Menu",
        "skip": "Skip to the content",
        "needs_script": "The console needs JavaScript.",
    },
    "zh": {
        "analysis": "分析",
        "calls": "调用记录",
        "trouble": "时钟与故障",
        "deliveries": "事件推送",
        "tables": "数据表",
        "messages": "消息",
        "objects": "对象存储",
        "explorer": "API 调试",
        "menu": "菜单",
        "skip": "跳到正文",
        "needs_script": "控制台需要启用 JavaScript。",
    },
}
