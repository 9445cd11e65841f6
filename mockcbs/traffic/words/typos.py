"""What goes wrong when users type: they confuse words of the same sound, pick a wrong character of that
sound, leave out a short one, or rarely letters of the input method stay instead of a word or of its end; in
Latin words, neighbouring keys are hit, swapped, doubled or left out.
"""

import re
from collections.abc import Callable, Sequence

from mockcbs.traffic.gaps import CHINESE
from mockcbs.traffic.words.spelling import SLIPS

_CONFUSED_WORDS = (
    "订单/定单 定金/订金 预订/预定 其他/其它 "
    "已经/以经 应该/因该 因为/应为 重新/从新 连接/链接 优惠券/优惠卷 安装/按装 反应/反映 检查/检察 "
    "病历/病例 截止/截至 部分/部份 座位/坐位 缴费/交费 哪里/那里 哪个/那个 哪些/那些 哪天/那天 "
    "恢复/回复 保修/报修 报修/保修 摄像头/摄象头 必须/必需 需要/须要 身份/身分 时候/时侯 觉得/觉的 "
    "记得/记的 收货/收获 报到/报道 抬头/台头 启用/起用 图像/图象 再试/在试 再说/在说 再等/在等 "
    "再问/在问 再发/在发 再买/在买 做什么/作什么"
).split()
"""Words, each followed by what users write for it because they do not know better."""
_OFFERED_WORDS = (
    "时间/事件 收到/受到 显示/现实 一直/一致 登记/等级 合适/何时 取消/取笑 结果/接过 权限/全线 导出/到处 "
    "怎么办/这么办 怎么弄/这么弄 还是/海狮 没有/煤油 知道/直到 问题/文体 现在/先在 "
    "有没有/又没有 谢谢/写写 地址/地质 颜色/眼色 清洗/情系 运费/云飞 "
    "这个/这各 一下/以下"
).split()
"""Words, each followed by another word that has the same letters in pinyin, or differs by one slip."""
_LETTERS_LEFT = (
    "怎么/zenme 什么/shenme 哪里/na'li 可以/ke'yi 申请/shen'qing 查询/cha'xun 退款/tui'kuan "
    "发票/fa'piao 预约/yu'yue 密码/mi'ma 下载/xia'zai 取消/qu'xiao 多久/duo'jiu 收不到/shou'bu'dao "
    "打不开/da'bu'kai 登录/deng'lu 账号/zhang'hao 报销/bao'xiao 打印/da'yin 快递/kuai'di 退货/tui'huo "
    "换货/huan'huo 发货/fa'huo 订单/ding'dan 地址/di'zhi 成绩/cheng'ji 选课/xuan'ke 宿舍/su'she "
    "挂号/gua'hao 报告/bao'gao 检查/jian'cha 缴费/jiao'fei 住院/zhu'yuan 医保/yi'bao 权限/quan'xian "
    "邮箱/you'xiang 余额/yu'e 流程/liu'cheng 办理/ban'li 修改/xiu'gai 多少/duo'shao 时候/shi'hou "
    "不能/bu'neng 没有/mei'you 为什么/weishenme 恢复/hui'fu 重启/chong'qi"
).split()
"""Words, each followed by its syllables, which stay if users do not choose a word; those of 么 all stay."""


def _pattern(texts: Sequence[str], beside: str = "") -> re.Pattern[str]:
    """A pattern of any of the words in *texts*, such as ``登录/登陆``, that do not stand *beside* others."""
    words = sorted({text.split("/")[0] for text in texts}, key=len, reverse=True)
    around = (f"(?<!{beside})", f"(?!{beside})") if beside else ("", "")
    return re.compile(f"{around[0]}({'|'.join(words)}){around[1]}")


_WRONG = dict(text.split("/") for text in (*_OFFERED_WORDS, *_CONFUSED_WORDS))
_SLIP = _pattern([*SLIPS])
_LETTERS = dict(text.split("/") for text in _LETTERS_LEFT)
_CONFUSED_WORD, _OFFERED_WORD = _pattern(_CONFUSED_WORDS), _pattern(_OFFERED_WORDS)
_LEFT = _pattern(_LETTERS_LEFT, "[A-Za-z]")
_CONFUSED = dict(zip("再做作得的地吗", "在作做的得的嘛", strict=True))
_CONFUSING = re.compile("再|做|作|(?<=[\u3400-\u9fff])得|(?<=[看等急慢快卡弄搞])的|地(?=[打修看查用])|吗")
"""Characters that users confuse: 的, 得 and 地 only where they can stand for each other."""
_SHORT = re.compile("(?<=[\u3400-\u9fff])(?:[的么个下就在]|(?<!不)了)(?=[\u3400-\u9fff])")
"""Characters of little weight, which users leave out."""
_MARK = re.compile("[，。？！?!,]")
_LETTER = re.compile("[A-Za-z]")
_BESIDE = str.maketrans(
    "qwertyuiopasdfghjklzxcvbnmQWERTYUIOPASDFGHJKLZXCVBNM",
    "wertyuioiosdfghjklkxcvbnmnWERTYUIOIOSDFGHJKLKXCVBNMN",
)
"""The key to the right of each letter, or to the left at the end of a row."""
_TWO_LETTERS = re.compile("([A-Za-z])([A-Za-z])")


def mistyped(text: str, number: int) -> str:
    """*text* with one typo, chosen by *number*; the same *text* if that typo is not possible there."""
    typos = _IN_CHINESE if CHINESE.search(text) else _IN_ENGLISH
    pattern, wrong = typos[number % len(typos)]
    places = list(pattern.finditer(text))
    if not places:
        return text
    number //= len(typos)
    found = places[number % len(places)]
    return text[: found.start()] + wrong(found, number // len(places)) + text[found.end() :]


def _left(found: re.Match[str], number: int) -> str:
    """The letters of the word that was *found*, or some of its characters and the letters of the others."""
    syllables = _LETTERS[found[0]].split("'")
    chosen = number % len(syllables)
    return found[0][:chosen] + "".join(syllables[chosen:])


_Typo = tuple[re.Pattern[str], Callable[[re.Match[str], int], str]]
_IN_ENGLISH: tuple[_Typo, ...] = (
    *[(_LETTER, lambda _found, _: "")] * 2,
    *[(_LETTER, lambda found, _: found[0] * 2)] * 2,
    *[(_LETTER, lambda found, _: found[0].translate(_BESIDE))] * 2,
    *[(_TWO_LETTERS, lambda found, _: found[2] + found[1])] * 3,
)
"""The places of each kind of typo, and what stands there instead; frequent kinds are there several times."""
_IN_CHINESE: tuple[_Typo, ...] = (
    *[(_SLIP, lambda found, number: SLIPS[found[0]][number % len(SLIPS[found[0]])])] * 24,
    *[(_CONFUSED_WORD, lambda found, _: _WRONG[found[0]])] * 3,
    *[(_CONFUSING, lambda found, _: _CONFUSED[found[0]])] * 8,
    *[(_OFFERED_WORD, lambda found, _: _WRONG[found[0]])] * 18,
    *[(_SHORT, lambda _found, _: "")] * 6,
    *[(_MARK, lambda found, _: found[0] * 2)] * 4,
    *[(_LETTER, lambda found, _: found[0].translate(_BESIDE))] * 8,
    *[(_TWO_LETTERS, lambda found, _: found[2] + found[1])] * 4,
    *[(_LEFT, _left)] * 3,
)
