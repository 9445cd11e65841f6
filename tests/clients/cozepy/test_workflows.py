"""Workflows and bots through cozepy, sync and async."""

import json

from cozepy import (
    BotPromptInfo,
    ChatEventType,
    VariableValue,
    WorkflowEventType,
    WorkflowExecuteStatus,
)

from tests.clients.cozepy.asking import (
    ASK,
    BOT,
    DRAFT,
    FOREIGN,
    KNOWN,
    RUN,
    TALK,
    UNPUBLISHED,
    ask,
    code_of,
)

SPACE = "7361424235321600001"


def test_workflow_runs(coze):
    """A run returns its output as a JSON string, and has a history."""
    result = coze.workflows.runs.create(workflow_id=RUN, parameters={"user_name": "George"})

    history = coze.workflows.runs.run_histories.retrieve(workflow_id=RUN, execute_id=result.execute_id)

    assert json.loads(result.data) == {"output": "ok"}
    assert result.debug_url
    assert history.execute_status == WorkflowExecuteStatus.SUCCESS
    assert json.loads(json.loads(history.output)["Output"]) == {"output": "ok"}
    assert history.run_mode == 0
    node = history.node_execute_status["End"].node_execute_uuid
    nodes = coze.workflows.runs.run_histories.execute_nodes
    assert nodes.retrieve(workflow_id=RUN, execute_id=result.execute_id, node_execute_uuid=node).is_finish
    assert code_of(coze.workflows.runs.run_histories.retrieve, workflow_id=RUN, execute_id="1") == 4314


def test_workflow_runs_in_the_background(coze):
    """An asynchronous run returns only its id; its history has the status Running, then the result."""
    result = coze.workflows.runs.create(workflow_id=RUN, is_async=True)

    first, history = (
        coze.workflows.runs.run_histories.retrieve(workflow_id=RUN, execute_id=result.execute_id)
        for _ in range(2)
    )

    assert not result.data
    assert first.execute_status == WorkflowExecuteStatus.RUNNING
    assert (history.execute_status, history.run_mode) == (WorkflowExecuteStatus.SUCCESS, 2)


def test_workflow_streams(coze):
    """The messages of a stream, numbered from 0, together are the output."""
    events = list(coze.workflows.runs.stream(workflow_id=RUN))

    assert [event.id for event in events] == list(range(len(events)))
    assert {event.event for event in events} == {WorkflowEventType.MESSAGE}
    assert json.loads("".join(event.message.content for event in events)) == {"output": "ok"}
    assert events[-1].message.node_is_finish


def test_workflow_asks_and_goes_on(coze):
    """A stream ends at a question; resuming it, which is possible once, returns the rest."""
    events = list(coze.workflows.runs.stream(workflow_id=ASK))
    interrupt = events[-1].interrupt.interrupt_data
    answer = {
        "workflow_id": ASK,
        "event_id": interrupt.event_id,
        "resume_data": "Nanjing",
        "interrupt_type": interrupt.type,
    }

    resumed = list(coze.workflows.runs.resume(**answer))

    assert "".join(event.message.content for event in events[:-1]) == "Which city?"
    assert (interrupt.type, events[-1].event) == (2, WorkflowEventType.INTERRUPT)
    assert json.loads("".join(event.message.content for event in resumed)) == {"output": "Nanjing"}
    assert code_of(coze.workflows.runs.resume, **answer) == 4315


def test_workflow_failures(coze):
    """Failed, unpublished and wrong runs return their error, in a stream as an event."""
    fail = {"mockcbs": "fail"}

    assert code_of(coze.workflows.runs.create, workflow_id=RUN, parameters=fail) == 720702222
    assert code_of(coze.workflows.runs.create, workflow_id=UNPUBLISHED) == 4200
    failed = list(coze.workflows.runs.stream(workflow_id=RUN, parameters=fail))
    mistaken = list(coze.workflows.runs.stream(workflow_id=RUN, bot_id="1", app_id="2"))
    assert [event.error.error_code for event in (*failed, *mistaken)] == [720702222, 4000]


def test_chatflow(coze):
    """A chatflow streams as a chat does."""
    events = list(coze.workflows.chat.stream(workflow_id=TALK, additional_messages=ask(KNOWN)))

    assert events[-1].event == ChatEventType.CONVERSATION_CHAT_COMPLETED
    assert events[-2].message.type == "verbose"


def test_workflows_are_listed(coze):
    """Published workflows are listed, by mode; each has details and versions."""
    listed = {item.workflow_id for item in coze.workflows.list(workspace_id=SPACE)}
    chatflows = [
        item.workflow_id for item in coze.workflows.list(workspace_id=SPACE, workflow_mode="chatflow")
    ]

    detail = coze.workflows.retrieve(workflow_id=RUN).workflow_detail
    versions = list(coze.workflows.versions.list(workflow_id=RUN))

    assert listed == {RUN, ASK, TALK}
    assert chatflows == [TALK]
    assert (detail.workflow_name, versions[0].workflow_id) == ("greet", RUN)


def test_bots(coze):
    """A bot is created, changed, published, listed by both calls, and unpublished."""
    made = coze.bots.create(space_id=SPACE, name="mine", prompt_info=BotPromptInfo(prompt="Be brief."))
    bot_id = made.bot_id
    assert code_of(coze.bots.retrieve, bot_id=bot_id) == 4015
    coze.bots.update(bot_id=bot_id, name="renamed")

    published = coze.bots.publish(bot_id=bot_id, connector_ids=["1024"])

    assert published.bot_id == bot_id
    found = coze.bots.retrieve(bot_id=bot_id, use_api_version=2)
    assert (found.name, found.prompt_info.prompt) == ("renamed", "Be brief.")
    assert coze.bots.retrieve(bot_id=bot_id).version == published.version
    for listed in (
        coze.bots.list(space_id=SPACE, page_size=1),
        coze.bots.list(space_id=SPACE, page_size=1, use_api_version=2),
    ):
        ids = [getattr(item, "bot_id", None) or item.id for item in listed]
        assert bot_id in ids
        assert BOT in ids
        assert not {DRAFT, FOREIGN} & set(ids)
    coze.bots.unpublish(bot_id=bot_id, connector_id="1024")
    assert coze.bots.retrieve(bot_id=bot_id, is_published=False, use_api_version=2).version == ""
    assert code_of(coze.bots.retrieve, bot_id=FOREIGN) == 4101


def test_files_workspaces_users_variables(coze):
    """A file is returned as it was uploaded, and all endpoints show the same account."""
    uploaded = coze.files.upload(file=("报告.txt", b"hello"))
    me, workspaces = coze.users.me(), coze.workspaces.list()
    coze.variables.update(
        connector_uid="u",
        bot_id=BOT,
        data=[VariableValue(keyword="name", value="小王", create_time=0, update_time=0)],
    )

    assert (uploaded.bytes, coze.files.retrieve(file_id=uploaded.id).file_name) == (5, "报告.txt")
    assert (workspaces.total, next(iter(workspaces)).id) == (1, SPACE)
    assert (
        coze.conversations.retrieve(conversation_id=coze.conversations.create().id).creator_id == me.user_id
    )
    read = coze.variables.retrieve(connector_uid="u", bot_id=BOT, keywords=["name", "age"])
    assert [(item.keyword, item.value) for item in read] == [("name", "小王")]
