"""What users of any bot say and name, for knowledge bases that state nothing else."""

REPHRASINGS = tuple((
    "我是问{question} {question}，麻烦看一下 我说的是{question} {question}？？ 我问的是{question} "
    "{question}，在吗 "
    "不是这个，{question} {question}，看一下 {question}，急 {question}，没人知道吗 就想问下{question} "
    "{question}，帮忙看下"
).split())  # fmt: skip

REFERRING = tuple(
    (
        "能看到我上面说的吗 就上面那个 麻烦看下我发的 你没看我写的吧 上面说的这个怎么办 你再看一遍我写的 "
        "我上面写得很清楚了 不是这个意思 上面不是都写了吗 说的就是上面那件事 没看懂吗 答的不是我问的"
    ).split()
)
"""What users say instead of writing a long text twice."""

ENGLISH_REFERRING = (
    "did you read what I wrote", "see above", "please read my last one again", "that is not what I described",
    "same as above", "I wrote it above", "any thoughts on what I wrote", "no, the thing above",
    "is it too long to read", "that is all I know",
)  # fmt: skip

ASKING_ON = tuple((
    "那我找谁 真没有吗 什么都没有吗 还有人在吗 怎么会没有 能不能帮我找 哪里有啊 那怎么办呀 为什么没有 "
    "那还能找谁 谁能帮我 有人在吗 有没有啊 还是没有 怎么又没有 那要怎么弄 在不在啊 那应该找谁 到底有没有 "
    "你不能帮我吗 那哪里可以 有谁能帮我 一直这样吗 这都没有吗 好吧那我找谁"
).split())  # fmt: skip
"""What users say instead of a question that nothing answers, if they find no other words."""

ENGLISH_ASKING_ON = (
    "is there somebody who can help", "what can you do then", "nobody there", "who can help then",
    "is that all", "can somebody help", "is there any help", "so what can I do", "why is that not there",
    "who would that be", "how do I get that then", "where would I get that", "can you do that for us",
    "is nobody there", "not there at all", "what do I do then", "could you help with that",
    "so who can do that", "ok then who", "what about us then",
)  # fmt: skip

VAGUE = tuple((
    "{keyword}好像出问题了 {keyword}咋弄啊 那个{keyword}怎么回事 "
    "{keyword}想问一下 {keyword}不好用了 {keyword}那个要怎么搞 "
    "{keyword}的事问一下 {keyword}弄不明白 关于{keyword}的问题 {keyword}有说明吗 "
    "{keyword}帮我看下 {keyword}又不行了 {keyword}这边是什么情况 {keyword}有人知道吗 "
    "我的{keyword}有点不对 {keyword}找谁弄 {keyword}怎么弄 {keyword}不会弄啊 问个{keyword}的事"
).split())  # fmt: skip

FRAGMENTS = tuple((
    "那怎么办 那找谁 有电话吗 什么意思 没看懂 还有别的办法吗 那要等多久 急 "
    "在哪看 能发个链接吗 那算了 还有呢 有联系方式吗"
).split())  # fmt: skip

DENIALS = tuple((
    "不是这个 不对 我问的不是这个 不是问这个 你理解错了 不是我要的 跟我问的没关系 不是这个问题 搞错了吧 "
    "看错了吧 我不是这个意思 这个我知道 没说到点上 不是说这个"
).split())  # fmt: skip

OUTAGES = tuple((
    "怎么一直报错 半天不回 又卡了 是不是系统崩了 问什么都出错 怎么回事，刚才还好好的 好慢啊 "
    "你们今天怎么了 一直转圈 同样的问题，还是失败 服务器挂了吗 是不是在维护 怎么不说话了 又出问题了 "
    "其他人也这样吗 什么时候能恢复 卡死了 等半天都没反应 我这边网络没问题啊 刷新了也不行 "
    "点什么都没反应 还是出错 是不是人太多了 有没有人管 换了浏览器还是这样"
).split())  # fmt: skip

RECOVERIES = tuple((
    "好了吗 现在可以了吗 恢复了吗 刚才那个问题修好了吗 现在正常了吗 现在能用了吗 还在维护吗 "
    "刚才怎么回事 系统好了没 我再试试 好像可以了 能用了 刚刚的问题还要重新提交吗 不会又挂了吧"
).split())  # fmt: skip

NAMES = {
    "name": ("{surname}{given}",),
    "given": tuple((
        "伟 磊 洋 涛 鹏 超 浩 杰 凯 宇 鑫 斌 波 强 勇 峰 亮 明 辉 飞 晨 琳 婷 静 敏 丽 燕 娜 雪 莹 颖 倩 "
        "丹 慧 欣 璐 志强 志伟 俊杰 浩然 子豪 宇航 晓东 晓明 建军 海涛 海波 文博 文杰 思远 天宇 嘉伟 家豪 "
        "少华 国栋 立群 振宇 一鸣 明轩 泽宇 俊峰 晓峰 永强 小龙 旭东 金龙 成龙 伟东 子轩 家明 景行 博文 "
        "婷婷 晓燕 丽娟 海燕 雨欣 欣怡 思琪 佳琪 晓琳 梦瑶 雅婷 诗雨 佳怡 雪梅 文静 晓雯 梦婷 嘉欣 若彤 "
        "美玲 春燕 小红 艳玲 雅琴 心怡 紫薇 可欣 梓涵 雨桐 静怡 晓婷 丹丹 莎莎 倩倩 媛媛 圆圆 芳芳"
    ).split()),
    "company": tuple((
        "{firm} {firm} {firm}集团 {firm}科技 {firm}股份 {firm}电子 {firm}实业 {firm}机械 {firm}食品 "
        "{firm}医药 {firm}建设 {firm}地产"
    ).split()),
    "firm": tuple((
        "恒泰 博远 鼎信 华元 嘉盛 中诚 瑞丰 天工 远景达 金港 新锐 永兴 联创 同辉 东成 盛世通 卓越达 合力 "
        "万联 启明星 宏图 信达 海润 众智 力合 锦程 蓝海 方圆 正源 佳和 利民 国润 安泰 亿达 创维达 顺兴 "
        "凯德 德润 大华 泰和"
    ).split()),
    "city": tuple((
        "南京 苏州 无锡 合肥 郑州 长沙 济南 青岛 厦门 宁波 东莞 佛山 重庆 天津 昆明 贵阳 南昌 福州 沈阳 "
        "大连 太原 石家庄 哈尔滨 长春 温州 珠海 惠州 常州 南宁 兰州 海口 烟台 徐州 中山 嘉兴 洛阳"
    ).split()),
    "job": tuple((
        "会计 出纳 销售 文员 司机 保安 前台 客服主管 实习生"
    ).split()),
    "road": tuple((
        "人民路 解放路 中山路 建设路 新华路 和平路 文化路 长江路 朝阳路 滨河路 迎宾大道 科技大道 学府路 "
        "工业路 北京路 南京路 环城西路 花园路 青年路 光明街 胜利街 民主街 府前街 站前路 湖滨路 凤凰路 "
        "龙华路 江南大道"
    ).split()),
    "address": ("{city}市{road}***", "{city}{road}***", "{city}市{road}***小区", "{city}{road}***号楼"),
    "order": ("%y%m%d######", "%n########%u", "%Y%m%d####"),
    "tail": ("####",),
    "phone": tuple((
        "138****#### 139****#### 136****#### 137****#### 135****#### 158****#### 159****#### 150****#### "
        "151****#### 187****#### 188****#### 182****#### 130****#### 131****#### 132****#### 155****#### "
        "156****#### 186****#### 133****#### 153****#### 180****#### 189****#### 177****#### 199****####"
    ).split()),
    "link": (
        "http://www.example.com/page/####", "https://example.com/item?id=#######",
        "https://m.example.com/detail/######.html",
    ),
}  # fmt: skip
"""The words of each kind of gap in Chinese texts; see `mockcbs.traffic.words.names`.

What is private is masked, as in real logs: phones after the prefix of an operator, addresses after the road.
Hosts have reserved names.
"""

ENGLISH_NAMES = {
    "name": ("{given} {surname}", "{given}"),
    "company": (
        "{firm}", "{firm}", "{firm} Ltd", "{firm} GmbH", "{firm} Inc", "{firm} Group", "{firm} Logistics",
    ),
    "firm": tuple((
        "Northwind Brightline Harbor Redstone Bluefin Kestrel Lumen Oakfield Silverton Ridgeway Tidewater "
        "Granite Halden Corvus Meridian Pinecrest Solvay Tallis Umbra Vantage"
    ).split()),
    "city": tuple((
        "Berlin Madrid Dublin Lisbon Vienna Prague Warsaw Amsterdam Boston Chicago Austin Denver Seattle "
        "Toronto Montreal London Manchester Paris Lyon Milan Zurich Oslo Stockholm Copenhagen Sydney "
        "Melbourne"
    ).split()),
    "job": ("accountant", "sales manager", "designer", "trainee"),
    "address": ("*** {road}, {city}",),
    "road": ("Main Street", "Station Road", "Park Avenue", "High Street", "Church Lane", "Mill Road"),
    "order": ("%y%m%d####", "%y%m-#####", "%n-#####"),
    "tail": ("####",),
    "phone": ("(555) 01##",),
    "link": ("https://example.com/t/#####", "https://www.example.com/help/article/####"),
}  # fmt: skip
"""The same in English."""

PARTS = {
    "hello": (
        "", "", "", "", "", "", "你好，", "您好，", "你好 ", "麻烦问一下，", "不好意思，", "有个事想问下，",
        "是这样的，", "打扰一下，", "问个事，", "您好，想咨询一下，", "哎，", "帮我看下，", "您好 ",
        "在不在，", "着急，", "你好\n", "在吗\n", "您好！\n",
    ),
    "soon": ("明天", "后天", "大后天", "下周", "下周一", "下周三", "下周五", "过两天", "过两周"),
    "later": (
        "", "", "", "", "还有，", "对了，", "另外，", "还有个事，", "再问一下，", "那", "嗯，",
        "不好意思，",
    ),
    "since": (
        "昨天", "前天", "昨晚", "今天", "刚才", "上周", "上周三", "上周五", "上礼拜", "大前天", "这两天",
        "前几天", "上个月", "半个月前", "上上周", "昨天夜里",
    ),
    "recent": (
        "刚才", "刚刚", "今天", "昨天", "昨晚", "前天", "前天夜里", "昨天夜里",
        "昨天中午",
    ),
    "days_ago": (
        "前天", "大前天", "前几天", "三天前", "上周", "上周一", "上周三", "上周五", "上个星期", "上礼拜",
        "好几天前", "上礼拜四", "一个星期前",
    ),
    "long_ago": (
        "上个月", "半个月前", "上上周", "前阵子", "两个月前", "一个月前", "三个月前", "上上个月", "去年",
        "二十天前",
    ),
    "tried": (
        "试了好几次都一样", "按说明一步步做的也没用", "重新来了一遍还是这样", "换了台机器也不行",
        "换了热点也一样", "网上搜的办法都试过了", "问了旁边的人也不清楚", "退出重进了三四回",
        "从头弄了两遍", "等了半小时再弄还是那样", "换了个浏览器也没用", "缓存都清过了",
        "让别人用我的机器试也一样", "卸了重装也没好", "什么都没动过", "之前一直好好的", "隔一会儿就来一次",
        "时好时坏的", "就我这里这样", "群里问了一圈没人知道",
    ),
    "waited": (
        "到现在没人理我", "都快一周了", "等了{n_days}天了", "一直没动静", "催过两回了", "说好当天回我的",
        "拖到今天", "问了三个人三种说法", "每次都说快了快了", "打热线一直占线", "留言了也没人看",
        "眼看就要来不及了", "中间催过一次", "让我等等，等到现在", "前后{n_days}天了", "上次也是这样拖着",
    ),
    "n_days": ("两", "三", "四", "五", "六", "七", "八", "十"),
    "wish": (
        "麻烦帮忙看一下", "能帮我处理一下吗", "该找谁", "这种情况怎么办", "接下来我该怎么做",
        "能不能快一点", "有没有别的办法", "给个准话行吗", "能给我回个话吗", "请帮忙查一下原因",
        "要走什么流程", "大概还要等多久", "是不是我哪里弄错了", "怎么弄比较快", "麻烦告诉我一声",
        "到底什么情况", "能先帮我记一下吗", "谁负责这块", "帮帮忙", "今天能有结果吗", "我需要准备什么",
        "能不能通融一下", "这个正常吗",
    ),
    "close": (
        "", "", "", "", "", "", "", "", "。", "…", "，{wish}", "，{wish}", "，{wish}", "，{wish}？",
        "，{wish}{bye}", "，{wish}{bye}", "{bye}", "，谢谢", "，头大", "，有点懵", "，没辙了", "，求助",
        "，就想问问", "\n{wish}", "\n谢谢", "！！",
    ),
    "bye": ("", "", "", "", "，谢谢", "，多谢", "，有点急", "谢谢", "，辛苦了", "，在线等", "。", "，拜托"),
}  # fmt: skip
"""Parts of long Chinese texts, such as what users have tried; none is in two of these lists."""

ENGLISH_PARTS = {
    "hello": (
        "", "", "", "", "hi, ", "hello, ", "hey, ", "hi there, ", "hi team, ", "hey all, ",
        "sorry to bother you, ", "ok so ", "quick one: ", "hope you can help, ", "so, ",
        "not sure this is the right place but ", "bit of a weird one: ", "me again, ", "good day, ",
    ),
    "later": ("", "", "", "also, ", "and ", "one more: ", "ok, ", "so ", "another thing: ", "sorry, "),
    "since": (
        "since yesterday", "since this morning", "since last night", "since last week", "for three days now",
        "for about a week", "since the weekend", "since Monday", "for an hour now", "again", "since the 1#th",
        "for two days", "since the last update", "today",
    ),
    "when": (
        "yesterday", "last night", "this week", "last week", "two days ago", "earlier today", "on Monday",
        "last Friday", "at some point last month", "a few days ago", "around 1#:20", "around 1#:45",
        "at 1#:10 or so",
    ),
    "tried": (
        "logged out and back in twice", "cleared the cache, same thing", "tried another browser",
        "restarted everything", "followed the help page step by step", "tried on another machine",
        "switched from wifi to cable, no change", "reinstalled it, nope", "a colleague sees the same",
        "it is only me, everybody else is fine", "nothing changed on our side", "it comes and goes",
        "waited half an hour and tried again", "tried incognito too", "asked around, no idea",
        "did it three times to be sure", "googled it, found nothing", "it worked fine until then",
        "turned the vpn off, same result", "our IT had a look as well",
    ),
    "waited": (
        "nobody came back to me", "this is the third time I ask", "still waiting",
        "it has been {n_days} days", "no reply so far", "I was told to wait",
        "everybody says something else", "we are a bit stuck", "got no answer", "last time it took a week",
        "I was promised a call", "it keeps getting worse",
    ),
    "n_days": ("two", "three", "four", "five", "six", "eight", "ten"),
    "wish": (
        "can you advise", "is anybody else seeing this", "can you have a look", "what should I do",
        "any ideas", "who can help with that", "is there a way around it", "can somebody fix it today",
        "what do you need from me", "is that expected", "can you check on your side",
        "how long will it take", "could you do that for us", "am I missing something",
        "can you point me to the right place", "is this a known issue", "can I do it myself",
        "what would you suggest", "can we get on a call",
    ),
    "close": (
        "", "", "", "", "", "", "", ".", "...", ", {wish}", ", {wish}?", ", {wish}{bye}", ". {wish}?",
        ", thanks", ", oh well", ", a bit lost", ", that is all", "!!", "\n{wish}", "\nthanks",
        ", no idea why", ". help",
    ),
    "bye": (
        "", "", "", "?", "?", ", thanks", "? thanks", ", thx", "? thank you", ", cheers", "? pls", ", asap",
        ".",
    ),
}  # fmt: skip
"""The same in English."""

BORNE_NAMES = {"zh_CN": {"surname": "last_name"}, "en_US": {"given": "first_name", "surname": "last_name"}}
"""Faker's formatters of the kinds of names that it draws as often as people bear them, by locale."""

DEEDS = {
    "did": (
        "", "照着弄了，", "照做了，", "按你说的弄了，", "弄完了，", "弄了，", "试了，", "试了下，",
        "试过了，", "刚试了，", "刚弄完，", "我弄了，", "操作了一遍，", "按步骤来的，", "照你说的试了，",
        "做完了，", "试了两遍，", "弄了两次，", "我又来了，", "我试了试，", "搞完了，", "按这个弄的，",
        "刚操作完，", "嗯弄了，",
    ),
    "looked": (
        "", "找了，", "找了一圈，", "看了半天，", "点进去了，", "进去看了，", "我看了，", "翻遍了，",
        "打开了，", "都点开看了，", "找半天，", "去看了，", "刚看了，", "我这边", "我这里", "挨个看了，",
        "来回找了，", "我去翻了翻，", "看了两遍，", "我找过了，",
    ),
    "awaited": (
        "等到现在", "等了半天", "等了好久", "等了好一会儿", "到现在", "这么久了", "又等了会儿，",
        "刚又看了下，", "过了好久", "半天了", "一直等着，", "都等这么久了，", "回来看了下，",
        "刷了几次，", "看了好几次，", "等了又等，", "好半天了，", "刚才到现在", "我又来了，", "催一下，",
    ),
    "says": (
        "说", "提示", "它说", "一直说", "还是说", "页面说", "弹出来说", "结果说", "又说", "一直提示",
        "还是提示", "告诉我",
    ),
    "still": ("还是", "还是", "还是", "还", "仍然", "依旧", "怎么还", "怎么还是", "结果还是", "照样"),
    "yet": ("还", "还", "还是", "怎么还"),
    "now": (
        "", "", "", "", "", "", "啊", "。", "。。", "？", "，怎么办", "，咋办", "，为什么", "，咋回事",
        "，怎么回事", "，帮忙看下", "…",
    ),
}  # fmt: skip
"""Parts of what users say who come back after they have done what an answer says, looked where it says, or
waited; none of them makes a text long.
"""

ENGLISH_DEEDS = {
    "did": (
        "", "did that, ", "ok did that, ", "tried it, ", "I tried that, ", "done, ", "just did it, ",
        "went through it, ", "followed the steps, ", "ok, ", "back again, ", "so I tried, ",
        "tried it twice, ", "did all of it, ",
    ),
    "looked": (
        "", "looked there, ", "I looked, ", "opened it, ", "checked, ", "went there, ", "I am there now, ",
        "searched for it, ", "ok I am in, ", "clicked through everything, ", "on that page now, ",
    ),
    "awaited": (
        "waited, ", "waited a while, ", "I waited, ", "been a while, ", "still waiting, ", "checked again, ",
        "refreshed a few times, ", "so far ", "gave it some time, ", "it has been a while and ",
        "waited long enough, ", "up to now ",
    ),
    "says": (
        "it says", "now it says", "says", "I get", "it keeps saying", "it tells me", "still says",
        "it just says",
    ),
    "still": ("still",),
    "yet": ("still",),
    "now": ("", "", "", "", "", "?", ", what now", ", why", ", any idea", "...", ", help", ", hm"),
}  # fmt: skip
"""The same in English."""

GAPS = frozenset().union(NAMES, ENGLISH_NAMES, BORNE_NAMES["en_US"], PARTS, ENGLISH_PARTS, DEEDS)
"""The kinds of gaps that any knowledge base can have."""
