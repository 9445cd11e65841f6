"""What goes wrong when users type: other words of the same sound, and characters that are missing, doubled
or swapped.
"""

import re
from collections.abc import Callable

from mockcbs.traffic.gaps import CHINESE

_WORDS = (
    "登录登陆 账号帐号 申请深情 时候时侯 哪里那里 哪些那些 哪个那个 哪天那天 几点极点 "
    "连接链接 成绩乘机 病历病例 地址地质 显示现实 一直一只 处理处里 权限全线 离职离只 "
    "结果接过 备份备分 邮箱油箱 用户拥护 密码密吗 预约愉悦 包裹包过 退款腿款 "
    "积分几分 分期分歧 评价平价 座位坐位 绩点几点 导出到处 图标图表 报销报消 流程流成 "
    "续费续非 挂号挂好 检查检察 报告抱告 严重眼中 登记等级 附近付近 受伤手上 网络网洛 "
    "安装按装 收到受到 已经以经 应该因该 没有没又 知道只道 还是还时 请问请文 桌面卓面 "
    "宿舍宿社 运费云费 质量质粮 合适何时 尺寸尺存 优惠券优惠卷 图书馆图书管 打印机打印鸡 "
    "服务器服务气 客户端客户短 校园卡校园咖 验证码验证吗 打不开打不凯 连不上练不上 多久多就 "
    "现在线在 今天今田 明天名天 时间事件 开始开时 发票发飘 快递快第 订单定单 退货推货 "
    "换货还货 奖学金奖学斤 选课选客 考试烤试 论文论问 住院祝愿 医保一保 缴费交费 体检提检 "
    "报名爆名 停车庭车 食堂十堂 会员会圆 合同和同 公司公私 加班甲班 工资公资 "
    "电话店话 信息欣喜 上网伤网 恢复回复 升级省级 反应反映 必须必需 一下以下 "
    "怎样怎杨 帮我邦我 谢谢写写 "
).split()
"""Words, each followed by what an input method offers for the same letters.

Nearly all have the same sound by the table of pypinyin; 应该 and 优惠券 have famous mistakes.
"""

_SOUNDS = {pair[: len(pair) // 2]: pair[len(pair) // 2 :] for pair in _WORDS}
_SAME_SOUND = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_CONFUSED = dict(zip("在再做作的得吗那哪", "再在作做得的嘛哪那", strict=True))
_CONFUSING = re.compile(f"[{''.join(_CONFUSED)}]")
_CHARACTER, _LETTER = CHINESE, re.compile("[A-Za-z]")
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
_IN_CHINESE: tuple[_Typo, ...] = (
    *[(_SAME_SOUND, lambda found: _SOUNDS[found[0]])] * 7,
    *[(_CONFUSING, lambda found: _CONFUSED[found[0]])] * 2,
    *[(_CHARACTER, lambda _: "")] * 3,
    *[(_CHARACTER, lambda found: found[0] * 2)] * 2,
)
_IN_ENGLISH: tuple[_Typo, ...] = (
    *[(_LETTER, lambda _: "")] * 3,
    *[(_LETTER, lambda found: found[0] * 2)] * 2,
    *[(_TWO_LETTERS, lambda found: found[2] + found[1])] * 3,
)
"""The places of each kind of typo, and what stands there instead; frequent kinds are there several times."""
