"""What users of any bot say and name, for knowledge bases that state nothing else."""

REPHRASINGS = tuple((
    "我是问{question} {question}，麻烦看一下 我说的是{question} {question}？？ 我问的是{question} "
    "{question}，在吗 "
    "不是这个，{question} {question}，看一下 {question}，急 {question}，没人知道吗 就想问下{question} "
    "{question}，帮忙看下"
).split())  # fmt: skip

VAGUE = tuple((
    "{keyword}好像出问题了 {keyword}咋弄啊 那个{keyword}怎么回事 "
    "有没有人管{keyword} {keyword}不好用了 {keyword}没反应 "
    "关于{keyword}的 {keyword}弄不明白 {keyword}这边是什么情况 "
    "想了解下{keyword} {keyword}又不行了 {keyword}那个要怎么搞 "
    "我的{keyword}有点不对 {keyword}找谁弄"
).split())  # fmt: skip

FRAGMENTS = tuple((
    "那怎么办 那找谁 有电话吗 什么意思 没看懂 还有别的办法吗 说详细点 就这样吗 那要等多久 急 "
    "能转给别人问问吗 "
    "在哪看 没找到你说的 那算了 还有呢 你确定吗 不是这个 有联系方式吗"
).split())  # fmt: skip

OUTAGES = tuple((
    "怎么一直报错 半天不回 又卡了 是不是系统崩了 问什么都出错 怎么回事，刚才还好好的 好慢啊 "
    "你们今天怎么了 一直转圈 同样的问题，还是失败 服务器挂了吗 是不是在维护 怎么不说话了 "
    "又出问题了 其他人也这样吗 什么时候能恢复 卡死了 等了几分钟都没反应 我这边网络没问题啊 "
    "刷新了也不行"
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
        "{firm}医药 {firm}建设 {firm}地产 {city}{firm}"
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
    "order": ("26########", "1#########", "########"),
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
"""The words of each kind of gap in Chinese texts; see `mockcbs.traffic.names`.

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
    "order": ("#######", "1#####-##", "9########"),
    "tail": ("####",),
    "phone": ("(555) 01##",),
    "link": ("https://example.com/t/#####", "https://www.example.com/help/article/####"),
}  # fmt: skip
"""The same in English."""

BORNE_NAMES = {"zh_CN": {"surname": "last_name"}, "en_US": {"given": "first_name", "surname": "last_name"}}
"""Faker's formatters of the kinds of names that it draws as often as people bear them, by locale."""

GAPS = frozenset(NAMES) | frozenset(ENGLISH_NAMES) | frozenset(BORNE_NAMES["en_US"])
"""The kinds of gaps that any knowledge base can have."""
