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


SCENARIOS_IN_CHINESE: Mapping[str, str] = {
    "empty-reply": "连接直接关闭，不返回任何字节。",
    "flaky-once": "每个操作的第一次调用返回 500，之后一切正常。",
    "full-hour": "发给自定义机器人的消息遇到整点限流（11232）。",
    "garbage": "以非 HTTP 的字节代替状态行，随后结束。",
    "html-gateway": "返回 502 和 HTML 页面，如同中间代理的应答。",
    "malformed-json": "正确响应的 JSON 中途截断，Content-Length 与之一致。",
    "missing-member": "正确响应缺少一个成员。",
    "no-answer": "连接保持打开但始终没有响应，直到客户端放弃。",
    "outage": "前 5 次调用返回 502，之后一切正常。",
    "reset": "连接被重置（RST），没有响应。",
    "server-error": "每次调用都以所属服务的格式返回 500。",
    "slow": "响应变慢：一半超过 300 毫秒，百分之一超过 1.5 秒。",
    "slow-body": "响应正文以每秒 50 字节的速度缓慢返回。",
    "slow-upload": "服务器以每秒 50,000 字节的速度缓慢读取上传的内容。",
    "stale": "返回一小时前的响应，如同中间缓存的应答。",
    "throttled": "每秒放行 3 次调用，超出的返回文档规定的 429。",
    "token-expired": "每个令牌可用于 3 次调用，随后过期，客户端需要换新令牌。",
    "truncated-body": "连接在响应正文中途关闭，未达到 Content-Length。",
    "webhook-bad-signature": "每第三条推送先用错误密钥签名，再用正确签名。",
    "webhook-burst": "到期的推送同时发出，最多五十条。",
    "webhook-duplicate": "每第三个事件同时推送两次，事件 ID 与正文相同。",
    "webhook-late": "每第五个事件按 mockcbs 的时钟延迟五分钟推送。",
    "webhook-lost": "每第五个事件从不发送。",
    "webhook-reordered": "每第二个事件等其后的事件送达后才推送。",
    "webhook-replayed": "每第三条推送以十分钟前的时间戳和正确签名重发一次。",
    "webhook-reserialised": "每第三条推送在签名后重写正文，再按签名时的原样发送。",
    "webhook-rotated-secret": "每第三条推送先用新密钥签名（standard 方式下新旧密钥同时签名）。",
    "wrong-types": "正确响应中一个成员的类型与文档不符。",
}
"""What the scenarios that come with mockcbs do; a user's own keep their description."""
