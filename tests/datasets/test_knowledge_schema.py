"""Knowledge bases in dataset files."""

from mockcbs.datasets.load import load
from mockcbs.traffic.knowledge import Document, Fact, Skill, Slot, SlotValue
from tests.datasets.files import write


def test_a_knowledge_base_holds_skills_facts_documents_and_tables(tmp_path):
    """Each kind of answer is read as stated, and the values of slots have their synonyms."""
    file = write(
        tmp_path,
        """
        knowledge:
          skills:
            - name: 天气
              intention: weather
              utterances: [今天天气]
              slots: [{name: 城市, ask: 哪里?, values: {北京: [首都], 上海: []}}, {name: 备注, ask: 什么?}]
              replies: ["{城市}晴。"]
          facts: [{entity: 桌面云, attribute: 负责部门, value: 基础设施部}]
          documents: [{id: d1, title: 办法, paragraphs: [第一段。, 第二段。]}]
          tables: [{id: t1, columns: [规格, 内存, 价格], rows: [[标准型, 8GB, 120元]]}]
        bots: []
        """,
    )

    knowledge = load(file).knowledge

    cities = Slot("城市", "哪里?", (SlotValue("北京", ("首都",)), SlotValue("上海")))
    assert knowledge.skills == (
        Skill("天气", ("今天天气",), "weather", (cities, Slot("备注", "什么?")), ("{城市}晴。",)),
    )
    assert knowledge.facts == (Fact("桌面云", "负责部门", "基础设施部"),)
    assert knowledge.documents == (Document("d1", "办法", ("第一段。", "第二段。")),)
    assert knowledge.cells == (Fact("标准型", "内存", "8GB", "t1"), Fact("标准型", "价格", "120元", "t1"))
    assert knowledge.greeting == "HI,我是您配置的机器人,现在可以跟我说话啦。"
