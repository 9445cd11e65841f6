"""The texts of the console's HTML shells; the scripts contain their own."""

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
        "console": "mockcbs console",
        "explorer_needs_script": "The explorer needs JavaScript.",
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
        "console": "mockcbs 控制台",
        "explorer_needs_script": "API 调试需要启用 JavaScript。",
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
"""The effects of the shipped scenarios; a user's scenario keeps its description."""

DATASETS_IN_CHINESE: Mapping[str, str] = {
    "busy": "一个机器人 90 天内有一百万次会话，其余机器人为日常流量。",
    "coze-sample": "2025 年 12 月 15、16 日某 Coze 智能体的四次执行，其中一次失败，可手工核对各项统计。",
    "documented-week": "厂商文档中的示例：2021 年 2 月 12 日至 19 日，示例请求得到文档中的数字。",
    "empty": "没有任何流量：机器人存在，计数为 0，列表为空。",
    "everyday": "每个机器人都有日常流量，保留最近 90 天。",
    "growing-shop": "每月增长 12% 的网店，刚过完双十一（2026 年 11 月 11 日）。",
    "incident": "2026 年 11 月 18 日 10:00 至 11:30 模型故障的服务台：告警应当触发；对照 quiet。",
    "leap-day": "闰年（2024）与平年（2023）的二月底，会话跨越 UTC 午夜。",
    "midnight": "2024 年 6 月 11 日至 13 日每天第一毫秒和最后一毫秒的提问，跨午夜的会话，不足一秒的会话。",
    "national-day": "2026 年国庆前后：放假的办公室、繁忙的商店和轮班的服务台。",
    "quiet": "没有故障、也没有节假日的 incident：告警应当保持安静。",
    "single-turn": "2024 年 5 月 15 日的一次会话、一个问题：最小的非空统计。",
    "unicode": "表情、从右到左的文字、组合字符和生僻汉字构成的用户、问题与名称。",
    "year-boundary": "2021 年（ISO 第 53 周）与 2025 年（ISO 第 1 周）新年，六个时区，会话跨年。",
}
"""The purpose of the shipped datasets; a user's dataset keeps its description."""
