"""What goes wrong when users type: they confuse words of the same sound, Chinese input methods offer another
word for the same or nearly the same letters, or leave the letters; in Latin words, neighbouring keys are hit,
swapped, doubled or left out.
"""

import re
from collections.abc import Callable, Sequence

from mockcbs.traffic.gaps import CHINESE

_CONFUSED_WORDS = (
    "登录/登陆 账号/帐号 账户/帐户 账单/帐单 到账/到帐 订单/定单 定金/订金 预订/预定 其他/其它 "
    "已经/以经 应该/因该 因为/应为 重新/从新 连接/链接 优惠券/优惠卷 安装/按装 反应/反映 检查/检察 "
    "病历/病例 截止/截至 部分/部份 座位/坐位 缴费/交费 哪里/那里 哪个/那个 哪些/那些 哪天/那天 "
    "恢复/回复 保修/报修 报修/保修 摄像头/摄象头 必须/必需 需要/须要 身份/身分 时候/时侯 觉得/觉的 "
    "记得/记的 收货/收获 报到/报道 抬头/台头 启用/起用 图像/图象 再试/在试 再说/在说 再等/在等 "
    "再问/在问 再发/在发 再买/在买 做什么/作什么"
).split()
"""Words, each followed by what users write for it because they do not know better."""
_OFFERED_WORDS = (
    "申请/深情 预约/愉悦 成绩/乘机 权限/全线 邮箱/油箱 用户/拥护 地址/地质 显示/现实 一直/一致 "
    "积分/几分 分期/分歧 评价/平价 绩点/几点 导出/到处 报销/爆笑 严重/眼中 登记/等级 收到/受到 "
    "工资/公子 升级/生计 合适/何时 时间/事件 取消/取笑 逾期/预期 充值/重置 重置/充值 "
    "证明/正名 补考/不考 补办/不办 签收/牵手 发货/发火 镜像/景象 会议/会意 主管/主观 住院/祝愿 "
    "信息/欣喜 过期/国企 专业/转业 考试/开始 结果/接过 医生/一生 挂号/挂好 会员/汇源 "
    "包裹/包过 物流/五六 颜色/眼色 食堂/食糖 贷款/带宽 网络/网罗 重启/充气 税号/睡好 打印/答应 "
    "借书/结束 座位/作为 报名/保命 客服/克服 叫号/叫好 异地/一地 专家/转嫁 怎么办/这么办 "
    "怎么弄/这么弄 怎么看/这么看"
).split()
"""Words, each followed by another word that has the same letters in pinyin, or differs by one slip."""
_LETTERS_LEFT = (
    "怎么/zenme 什么/shenme 哪里/nali 可以/keyi 申请/shenqing 查询/chaxun 退款/tuikuan 发票/fapiao "
    "预约/yuyue 密码/mima 下载/xiazai 取消/quxiao 多久/duojiu 收不到/shoubudao 打不开/dabukai"
).split()
"""Words, each followed by the letters that stay if users do not choose a word."""


def _pattern(texts: Sequence[str], beside: str = "") -> re.Pattern[str]:
    """A pattern of any of the words in *texts*, such as ``登录/登陆``, that do not stand *beside* others."""
    words = sorted({text.split("/")[0] for text in texts}, key=len, reverse=True)
    around = (f"(?<!{beside})", f"(?!{beside})") if beside else ("", "")
    return re.compile(f"{around[0]}({'|'.join(words)}){around[1]}")


_WRONG = dict(text.split("/") for text in (*_LETTERS_LEFT, *_OFFERED_WORDS, *_CONFUSED_WORDS))
_LETTERS = dict(text.split("/") for text in _LETTERS_LEFT)
_WORDS, _LEFT = _pattern((*_CONFUSED_WORDS, *_OFFERED_WORDS)), _pattern(_LETTERS_LEFT, "[A-Za-z]")
_CONFUSED = dict(zip("再做作得吗哪", "在作做的嘛那", strict=True))
_CONFUSING = re.compile(f"[{''.join(_CONFUSED)}]")
_LETTER = re.compile("[A-Za-z]")
_BESIDE = str.maketrans("qwertyuiopasdfghjklzxcvbnm", "wertyuioiosdfghjklkxcvbnmn")
"""The key to the right of each letter, or to the left at the end of a row."""
_TWO_LETTERS = re.compile("([A-Za-z])([A-Za-z])")


def mistyped(text: str, number: int) -> str:
    """*text* with one typo, chosen by *number*; the same *text* if that typo is not possible there."""
    typos = _IN_CHINESE if CHINESE.search(text) else _IN_ENGLISH
    pattern, wrong = typos[number % len(typos)]
    places = list(pattern.finditer(text))
    if not places:
        return text
    found = places[number // len(typos) % len(places)]
    return text[: found.start()] + wrong(found) + text[found.end() :]


_Typo = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]
_IN_ENGLISH: tuple[_Typo, ...] = (
    *[(_LETTER, lambda _: "")] * 2,
    *[(_LETTER, lambda found: found[0] * 2)] * 2,
    *[(_LETTER, lambda found: found[0].lower().translate(_BESIDE))] * 2,
    *[(_TWO_LETTERS, lambda found: found[2] + found[1])] * 3,
)
"""The places of each kind of typo, and what stands there instead; frequent kinds are there several times."""
_IN_CHINESE: tuple[_Typo, ...] = (
    *[(_WORDS, lambda found: _WRONG[found[0]])] * 8,
    *[(_CONFUSING, lambda found: _CONFUSED[found[0]])] * 2,
    (_LEFT, lambda found: _LETTERS[found[0]]),
    (_TWO_LETTERS, lambda found: found[2] + found[1]),
)
