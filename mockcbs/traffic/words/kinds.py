"""What a question is about, judged by its words."""

import re
from typing import Literal

Kind = Literal["trouble", "mishap", "where", "how", "fact", "task", "other"]
"""What a question is about: software that fails, something lost, broken or late, where something is, how to
do something, a fact, something to be done, such as 换鼠标, or something else.
"""


def kind_of(text: str) -> Kind:
    """What *text* is about."""
    if _TROUBLE.search(text):
        return "trouble" if _SOFTWARE.search(text) and not _DAMAGE.search(text) else "mishap"
    if _WHERE.search(text):
        return "where"
    if _HOW.search(text):
        return "how"
    if asks(text):
        return "fact"
    return "task" if _TASK.search(text) else "other"


def asks(text: str) -> bool:
    """Whether the words of *text* make it a question."""
    return _QUESTION.search(text) is not None


_QUESTION = re.compile(
    "怎|如何|哪|什么|多少|多久|几|吗|呢|咋|啥|能不能|是不是|可以(?!$)|有没有|是否|谁"
    r"|^(how|what|where|why|when|who|which|can|could|is|are|do|does|will)\b",
    re.IGNORECASE,
)


CLAUSES = re.compile("[，,：:]")
_TROUBLE = re.compile(
    "(?!开不开|进不进)[打开登连收发进用传装约抢看听找取]不[了上到出来进开]|没反应|没有?声音|没有?信号|失败|报错|错误|超时|很卡|太卡|特别卡|卡纸|卡住|"
    "太?慢了|很慢|特别慢|断开|断了|掉线|黑屏|蓝屏|坏了|弄坏|死机|异常|丢了|漏水|漏发|破损|碎了|裂了|锁定|被锁|没收到|没有收到|(?<!行)不行|(?<!对)不对|不足|(?<!够)不够|"
    "停了|没了|没网|拦截|(?<!的)问题(?!咨询)|还没|怎么(?:没|不|突然|还|又|这么)|不好用|错了|误删|不见了|不亮|不灵|不更新|没更新|不生效|没生效|不一样"
    r"|\b(expired|declined|missing|gone|disappeared|stopped|crash(es)?|dropping|finds nothing|not found"
    r"|not (arrive|sync|work|getting|included|firing|sent)|no (notifications|audio|push)|has not|storage full"
    r"|by (accident|mistake)|(charged|paid|charged us) (twice|after)|too (many attempts|big|large))\b"
    r"|\b(cannot|can't|not working|broken|fail|failed|error|locked|(stuck|lost)(?! with)|slow|trouble)\b"
    r"|\b(wrong|weird)\b",
    re.IGNORECASE,
)
_SOFTWARE = re.compile(
    "打不开|连不上|连接|登|报错|错误|失败|超时|黑屏|蓝屏|死机|异常|断开|断了|掉线|很卡|太卡|特别卡|没网|网页|网络|网速|网站|校园网|"
    "云|服务器|客户端|系统|软件|账号|密码|口令|验证码|权限|域名|邮箱|数据库|磁盘|硬盘|[a-z]{2}",
    re.IGNORECASE,
)
"""What can show an error code."""
_DAMAGE = re.compile(
    "[丢坏碎烂漏破偷]|卡纸|遗失|误删|写错|填错|开错"
    r"|\b(lost(?! with)|by accident|by mistake|disappeared|declined|expired|charged|paid|locked|too big)\b"
)
_WHERE = re.compile(r"哪里|在哪|哪儿|^where\b", re.IGNORECASE)
_HOW = re.compile(r"怎么|如何|怎样|流程|申请|办理|咋|^how\b", re.IGNORECASE)
_TASK = re.compile(
    "^(?:我?想要?|我要|帮我)?(?:开(?!题)|换|改|补|办(?!公)|连|加(?!微信)|领|查(?!重)|还(?!没)|退(?!货运|货地)|重置|重启|取消"
    "|预约|绑定|创建|打印(?![机出])|复印|申请|放通)[^了不，]{1,8}$"
    "|^[^了不，]{2,8}(?:申请|续期|续费|补办|报名|扩容|解锁|挂失|缴费|报销|备案|充值)$"
)
