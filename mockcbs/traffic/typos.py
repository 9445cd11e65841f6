"""What goes wrong when users type: Chinese input methods offer another word of the same sound, or the last
character is missing or doubled; in Latin letters, neighbours are hit, swapped, doubled or left out.
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
    "帮我邦我 谢谢写写 域名与名 解析接洗 抬头台头 客服课服 活动获动 优惠有会 会员汇源 积分集分 差价茶价 "
    "换个还个 "
    "发货发火 物流无流 运费运废 签收千收 包邮宝优 尺码持码 颜色眼色 质量之量 保修报修 售后受后 取消取笑 "
    "修改修该 "
    "重启冲起 电脑店脑 键盘简盘 鼠标属标 黑屏嘿屏 蓝屏兰屏 软件阮件 磁盘此盘 内存累存 端口断口 镜像竟象 "
    "账单帐单 "
    "欠费前费 充值冲值 余额鱼鹅 税号睡号 打印打引 卡纸卡只 投影投音 显示器现实器 笔记本笔计本 规格规各 "
    "快照快找 "
    "门诊们诊 专家砖家 急诊及诊 化验画验 抽血丑血 空腹空服 胃镜未经 床位窗位 押金压金 陪护配护 探视叹视 "
    "病案并案 "
    "教务叫务 补考不考 缓考环考 四级似级 六级流级 绩效级效 答辩答变 查重插重 毕业必业 休学修学 "
    "转专业转砖业 "
    "寝室请示 停电听电 空调空条 熄灯息灯 门禁门进 座位坐为 逾期预期 借书接书 校园网校园往 饭卡翻卡 "
    "挂失挂是 "
    "补办不办 证明正名 请假请加 贷款带款 助学住学 综测总测 杯子被子 收纳受纳 承重成重 现货县货 "
    "不粘锅不沾锅 "
    "保温饱温 四件套四见套 起球气球 掉色调色 被套背套 直播只播 红包洪包 投诉头诉 扩容扩荣 续期需期 "
    "过期国企 "
    "绑定帮定 解锁姐锁 重置中置 外包外报 入职如值 领用另用 申报神报 到账到帐 退费退飞 "
).split()
"""Words, each followed by what an input method offers for the same letters.

All have the same or nearly the same sound; 应该 and 优惠券 have famous mistakes.
"""

_SOUNDS = {pair[: len(pair) // 2]: pair[len(pair) // 2 :] for pair in _WORDS}
_SAME_SOUND = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_CONFUSED = dict(zip("在再做作的得吗那哪", "再在作做得的嘛哪那", strict=True))
_CONFUSING = re.compile(f"[{''.join(_CONFUSED)}]")
_LAST = re.compile("(?<=[\u3400-\u9fff]{3})[\u3400-\u9fff]$")
_PARTICLE = re.compile("[吗呢啊了吧]$")
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
_IN_CHINESE: tuple[_Typo, ...] = (
    *[(_SAME_SOUND, lambda found: _SOUNDS[found[0]])] * 7,
    *[(_CONFUSING, lambda found: _CONFUSED[found[0]])] * 2,
    (_LAST, lambda _: ""),
    (_PARTICLE, lambda found: found[0] * 2),
)
_IN_ENGLISH: tuple[_Typo, ...] = (
    *[(_LETTER, lambda _: "")] * 2,
    *[(_LETTER, lambda found: found[0] * 2)] * 2,
    *[(_LETTER, lambda found: found[0].lower().translate(_BESIDE))] * 2,
    *[(_TWO_LETTERS, lambda found: found[2] + found[1])] * 3,
)
"""The places of each kind of typo, and what stands there instead; frequent kinds are there several times."""
