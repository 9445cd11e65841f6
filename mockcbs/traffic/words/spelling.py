"""The usual spelling of words that many users write otherwise."""

import re

SLIPS = tuple((
    "退货/推货 退款/推款 优惠/优会 快递/块递 包裹/包果 运费/运废 物流/物留 发票/发漂 签收/千收 会员/会元 "
    "客服/客复 换货/换获 补货/补获 尺寸/尺村 质量/质亮 付款/付宽 差价/叉价 积分/积份 现货/现祸 "
    "电脑/电恼 密码/蜜码 账号/仗号 网络/网洛 权限/权现 重启/重起 流程/流城 修改/修该 验证码/验正码 "
    "投影/投颖 余额/余鹅 选课/选刻 成绩/成迹 宿舍/宿社 校园网/校园往 挂号/挂耗 缴费/缴废 住院/住园 "
    "医保/医宝 报名/抱名 请假/请架 奖学金/奖学斤"
).split())  # fmt: skip
"""Words, each with another text of the same sound that is no word: what is left if users pick a wrong
character.
"""
_USUAL = {"登陆": "登录", "帐": "账", "双11": "双十一", "双12": "双十二"} | {
    wrong: word for word, wrong in (text.split("/") for text in SLIPS)
}
"""How texts are read that stand for a usual one."""
_OTHER = re.compile("|".join(_USUAL))


def usual(text: str) -> str:
    """*text* with the usual spelling of such words: keywords and answers are those of these words."""
    return _OTHER.sub(lambda found: _USUAL[found[0]], text)
