"""The usual spelling of words that many users write otherwise."""

import re

SLIPS = {
    word: wrong
    for text in (
        "退货/推货/腿货 退款/推款/腿款 优惠/优会/由惠 快递/块递/筷递 包裹/包果 运费/运废/云费 物流/物留/勿流 "
        "发票/发漂/法票 签收/千收 会员/会元/会圆 客服/客复/客扶 换货/换获/唤货 补货/补获/捕货 尺寸/尺村 "
        "质量/质亮 付款/付宽 差价/叉价/插价 积分/积份 现货/现祸 电脑/电恼/店脑 密码/蜜码/蜜马 账号/仗号/胀号 "
        "网络/网洛/往络 权限/权现/权线 重启/重起 流程/流城/流呈 修改/修该 验证码/验正码 投影/投颖 余额/余鹅 "
        "选课/选刻/选克 成绩/成迹/成集 宿舍/宿社 校园网/校园往/校圆网 挂号/挂耗 缴费/缴废 住院/住园 "
        "医保/医宝 报名/抱名 请假/请架 奖学金/奖学斤"
    ).split()
    for word, *wrong in [text.split("/")]
}
"""Words, each with texts of the same sound that are no words: what is left if users pick a wrong one."""
_USUAL = {"登陆": "登录", "帐": "账", "双11": "双十一", "双12": "双十二"} | {
    other: word for word, wrong in SLIPS.items() for other in wrong
}
"""How texts are read that stand for a usual one."""
_OTHER = re.compile("|".join(_USUAL))


def usual(text: str) -> str:
    """*text* with the usual spelling of such words: keywords and answers are those of these words."""
    return _OTHER.sub(lambda found: _USUAL[found[0]], text)
