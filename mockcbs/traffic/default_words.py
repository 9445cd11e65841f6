"""What users of any Chinese bot say, for knowledge bases that state nothing else."""

REPHRASINGS = tuple((
    "我是问{question} {question}，麻烦看一下 不是这个，{question} "
    "我说的是{question} {question}，没看懂我的意思吗 "
    "再说一遍，{question} {question}？？ 换个说法，{question} "
    "{question}，到底有没有人知道 就想知道{question}"
).split())  # fmt: skip

VAGUE = tuple((
    "{keyword}好像出问题了 {keyword}咋弄啊 那个{keyword}怎么回事 "
    "有没有人管{keyword} {keyword}不好用了 {keyword}没反应 "
    "关于{keyword}的 {keyword}弄不明白 {keyword}这边是什么情况 "
    "想了解下{keyword} {keyword}又不行了 {keyword}那个要怎么搞 "
    "我的{keyword}有点不对 {keyword}找谁弄"
).split())  # fmt: skip

FRAGMENTS = tuple((
    "那个呢 然后呢 还有别的办法吗 点哪里 没有这个按钮 试了不行 还是不行 要钱吗 那要多久 "
    "手机上呢 这一步在哪 第二步没看懂 什么意思 说详细点 我点了没反应 你发的那个打不开 "
    "周末也行吗 如果过期了呢 那另一个呢 和之前说的不一样 有图吗 这个我做过了 就这样吗 "
    "别人的可以吗 然后在哪里看 没找到你说的 两个都要吗 必须本人吗 不是这个 上面那个再发一下"
).split())  # fmt: skip

OUTAGES = tuple((
    "怎么一直报错 半天不回 又卡了 是不是系统崩了 问什么都出错 怎么回事，刚才还好好的 好慢啊 "
    "你们今天怎么了 一直转圈 同样的问题，还是失败 服务器挂了吗 是不是在维护 怎么不说话了 "
    "又出问题了 其他人也这样吗 什么时候能恢复 卡死了 等了几分钟都没反应 我这边网络没问题啊 "
    "刷新了也不行"
).split())  # fmt: skip
