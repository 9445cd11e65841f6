"""Every public method of the installed cozepy is served, or stands in the table of what is outside.

The methods are found by inspection, so a release that adds one fails here by its name.
"""

import asyncio
import enum
import inspect
import itertools
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, Union, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

import cozepy
import httpx
import pytest
from cozepy import AsyncCoze, AsyncTokenAuth, Coze, CozeAPIError, Message, TokenAuth, ToolOutput
from cozepy.model import AsyncIteratorHTTPResponse, FileHTTPResponse
from pydantic import BaseModel

from mockcbs.services.coze import not_emulated

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # modules that the SDK still has

BOT, WORKFLOW, CHATFLOW = "7342866812345678901", "7389589103588700001", "7389589103588700009"
SPACE, SOME_ID = "7361424235321600001", "7439828073344200001"
QUESTION = Message.build_user_question_text("桌面云打不开")

GIVEN = {
    "additional_messages", "bot_id", "connector_ids", "content", "content_type", "is_published", "messages",
    "name", "reason", "workspace_id",
}  # fmt: skip
"""Optional arguments that are given all the same, as the call makes no sense without one of them."""
CHOSEN_BY_THE_SDK = {
    "websockets.audio.speech.create",
    "websockets.audio.transcriptions.create",
    "websockets.chat.create",
}
"""They open no connection before they are used, and then only with TLS."""
UNREADABLE = {"workspaces.members.list"}
"""The SDK reads the page of members as one member: no server can please it (cozepy 0.20)."""


class Stage:
    """What one call needs to exist before it, made when it is asked for."""

    def __init__(self, coze: Coze, path: str, parameters: set[str]) -> None:
        self._coze, self._path, self._parameters = coze, path, parameters

    def value(self, name: str, kind: Any) -> Any:
        """A plausible argument, by its name or else by its type."""
        if isinstance(getattr(type(self), name, None), cached_property):
            return getattr(self, name)
        return self._made(name, kind)

    def _made(self, name: str, kind: Any) -> Any:
        origin, inner = get_origin(kind), get_args(kind)
        if origin is Union:
            return self._made(name, inner[0])
        if origin is list:
            return [self._made(name, inner[0])]
        if inspect.isclass(kind) and issubclass(kind, enum.Enum):
            return next(iter(kind))
        if inspect.isclass(kind) and issubclass(kind, BaseModel):
            needed = {key: field for key, field in kind.model_fields.items() if field.is_required()}
            return kind(**{key: self.value(key, field.annotation) for key, field in needed.items()})
        return {bool: True, int: 1, dict: {}}.get(
            kind, SOME_ID if name.endswith(("_id", "_ids")) else "some text"
        )

    @cached_property
    def bot_id(self) -> str:
        if self._path.startswith("bots.collaborators."):
            return self._shared_bot
        return self._made_bot() if self._path.startswith("bots.") else BOT

    @cached_property
    def _shared_bot(self) -> str:
        """A bot that may have collaborators; the installed cozepy may be older than these calls."""
        bot = f"/v1/bots/{self._made_bot()}"
        self._post(f"{bot}/collaboration_mode", {"collaboration_mode": "collaboration"})
        self._add_collaborator(bot)
        return bot.rpartition("/")[2]

    @cached_property
    def _collaborator(self) -> str:
        return f"74398280735{next(_NUMBERS):08}"

    def _add_collaborator(self, path: str) -> None:
        """Add the collaborator that is to be removed."""
        if self._path.endswith(".delete"):
            self._post(f"{path}/collaborators", {"collaborators": [{"user_id": self._collaborator}]})

    def _post(self, path: str, body: dict[str, Any]) -> None:
        headers = {"Authorization": "Bearer pat_mockcbs"}
        answer = httpx.post(f"{self._coze._base_url}{path}", json=body, headers=headers)
        assert answer.json()["code"] == 0

    def _made_bot(self) -> str:
        made = self._coze.bots.create(space_id=SPACE, name="x").bot_id
        self._coze.bots.publish(bot_id=made, connector_ids=["1024"])
        return made

    @cached_property
    def workflow_id(self) -> str:
        if self._path == "workflows.collaborators.delete":
            self._add_collaborator(f"/v1/workflows/{WORKFLOW}")
        return CHATFLOW if self._path.startswith("workflows.chat.") else WORKFLOW

    @cached_property
    def workspace_id(self) -> str:
        return SPACE

    @cached_property
    def space_id(self) -> str:
        return SPACE

    @cached_property
    def connector_ids(self) -> list[str]:
        return ["1024"]

    @cached_property
    def connector_id(self) -> str:
        return "10000999" if self._path.startswith("connectors") else "1024"

    @cached_property
    def additional_messages(self) -> list[Message]:
        return [QUESTION]

    @cached_property
    def messages(self) -> list[Message]:
        return [QUESTION]

    @cached_property
    def name(self) -> str:
        return "some name"

    @cached_property
    def on_event(self) -> dict[str, Any]:
        return {}

    @cached_property
    def event_types(self) -> list[str]:
        return ["bot.published"]

    @cached_property
    def _chat(self) -> Any:
        needs_tools = "tool_outputs" in self._parameters
        asked = [Message.build_user_question_text("mockcbs:tool")] if needs_tools else [QUESTION]
        chat = self._coze.chat.create(bot_id=BOT, user_id="u", additional_messages=asked)
        if needs_tools:
            return self._coze.chat.retrieve(conversation_id=chat.conversation_id, chat_id=chat.id)
        return chat

    @cached_property
    def chat_id(self) -> str:
        return self._chat.id

    @cached_property
    def conversation_id(self) -> str:
        return self._chat.conversation_id

    @cached_property
    def tool_outputs(self) -> list[ToolOutput]:
        calls = self._chat.required_action.submit_tool_outputs.tool_calls
        return [ToolOutput(tool_call_id=call.id, output="sunny") for call in calls]

    @cached_property
    def message_id(self) -> str:
        where = {"conversation_id": self.conversation_id, "content": "x"}
        if "feedback" not in self._path:
            return self._coze.conversations.messages.create(**where, role="user", content_type="text").id
        self._coze.chat.retrieve(conversation_id=self.conversation_id, chat_id=self.chat_id)
        answer = self._coze.chat.messages.list(conversation_id=self.conversation_id, chat_id=self.chat_id)[
            0
        ].id
        self._coze.conversations.messages.feedback.create(
            conversation_id=self.conversation_id, message_id=answer, feedback_type="like"
        )
        return answer

    @cached_property
    def _run(self) -> Any:
        return self._coze.workflows.runs.create(workflow_id=WORKFLOW, is_async=True)

    @cached_property
    def execute_id(self) -> str:
        return self._run.execute_id

    @cached_property
    def node_execute_uuid(self) -> str:
        return f"{self.execute_id}-end"

    @cached_property
    def event_id(self) -> str:
        asks = self._coze.workflows.runs.stream(workflow_id=WORKFLOW, parameters={"mockcbs": "ask"})
        return next(event.interrupt.interrupt_data.event_id for event in asks if event.interrupt)

    @cached_property
    def interrupt_type(self) -> int:
        return 2

    @cached_property
    def file(self) -> tuple[str, bytes]:
        return "x.txt", b"text"

    @cached_property
    def file_id(self) -> str:
        return self._coze.files.upload(file=self.file).id

    @cached_property
    def folder_id(self) -> str:
        return next(iter(self._coze.folders.list(workspace_id=SPACE, folder_type="library"))).id

    @cached_property
    def app_id(self) -> str:
        if self._path.startswith("api_apps"):
            return self._coze.api_apps.create(app_type="normal", name="x").id
        if self._path.startswith("apps.collaborators."):
            self._add_collaborator(f"/v1/apps/{SOME_ID}")
        return SOME_ID

    @cached_property
    def api_app_id(self) -> str:
        return self._coze.api_apps.create(app_type="normal", name="x").id

    @cached_property
    def user_id(self) -> str:
        if ".collaborators." in self._path:
            return self._collaborator
        if self._path in {"enterprises.members.update", "enterprises.members.delete"}:
            member = cozepy.EnterpriseMember(user_id=SOME_ID, role="enterprise_member")
            self._coze.enterprises.members.create(enterprise_id=self.enterprise_id, users=[member])
        return SOME_ID

    @cached_property
    def enterprise_id(self) -> str:
        return f"74398280733{next(_NUMBERS):08}"

    @cached_property
    def receiver_user_id(self) -> str:
        return SOME_ID[::-1]


_NUMBERS = itertools.count(1)


def methods(client: Any, secure: Any, path: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """The public methods of a client and of the clients it holds, by path.

    *secure* is the same with TLS, without which the SDK does not make clients of WebSockets.
    """
    for name in dir(type(client)):
        found = inspect.getattr_static(type(client), name)
        if name.startswith("_"):
            continue
        if isinstance(found, property):
            held = getattr(secure if name == "websockets" else client, name)
            yield from methods(held, held, f"{path}{name}.")
        elif inspect.isfunction(found):
            yield path + name, getattr(client, name)


def arguments(coze: Coze, path: str, method: Callable[..., Any]) -> dict[str, Any]:
    """What the method needs, made from its signature."""
    hints = get_type_hints(method)
    parameters = inspect.signature(method).parameters
    stage = Stage(coze, path, set(parameters))
    return {
        name: stage.value(name, hints.get(name))
        for name, parameter in parameters.items()
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD
        and (parameter.default is inspect.Parameter.empty or name in GIVEN)
    }


class Sweep:
    """What came of all calls."""

    def __init__(self) -> None:
        self.outcomes: dict[str, str] = {}
        self.last: httpx.Response | None = None

    async def note_async(self, response: httpx.Response) -> None:
        """Remember the last response."""
        self.last = response

    def note(self, response: httpx.Response) -> None:
        """Remember the last response."""
        self.last = response

    def succeeded(self, path: str) -> None:
        """A call came back."""
        self.outcomes[path] = "outside" if path in CHOSEN_BY_THE_SDK else "served"

    def failed(self, path: str, error: Exception) -> None:
        """A call raised *error*."""
        self.outcomes[path] = f"wrong: {type(error).__name__}: {error}"
        if path in UNREADABLE and self.last is not None and self.last.json()["code"] == 0:
            self.outcomes[path] = "served"
        elif isinstance(error, CozeAPIError) and self.last is not None:
            asked = self.last.request
            if not_emulated.operation(asked.method, urlsplit(str(asked.url)).path):
                self.outcomes[path] = "outside"

    def check(self, least: int) -> None:
        """Print the sum, and fail with the names of those that are wrong."""
        wrong = {path: said for path, said in self.outcomes.items() if said.startswith("wrong")}
        kinds = list(self.outcomes.values())
        total = f"{kinds.count('served')} served, {kinds.count('outside')} outside, {len(wrong)} wrong"
        print(total)  # noqa: T201 - what a reader of the log wants to see
        assert not wrong
        assert kinds.count("served") >= least


@pytest.fixture(scope="module")
def url(_shared: Callable[..., Any]) -> str:
    """A live server with the sample."""
    return _shared("--dataset", "coze-sample").url


@pytest.fixture
def preparing(url: str) -> Iterator[Coze]:
    """A client that makes what the calls need."""
    http = cozepy.SyncHTTPClient(timeout=30)
    yield Coze(auth=TokenAuth("pat_mockcbs"), base_url=url, http_client=http)
    http.close()


def test_sync_methods(url, preparing, capsys):
    """Each method of Coze succeeds."""
    sweep = Sweep()
    http = cozepy.SyncHTTPClient(event_hooks={"response": [sweep.note]}, timeout=30)
    client = Coze(auth=TokenAuth("pat_mockcbs"), base_url=url, http_client=http)
    secure = Coze(auth=TokenAuth("pat_mockcbs"), base_url="https://127.0.0.1")
    for path, method in methods(client, secure):
        given = arguments(preparing, path, method)
        try:
            consume(method(**given))
        except Exception as error:  # noqa: BLE001 - whatever goes wrong is reported with the others
            sweep.failed(path, error)
        else:
            sweep.succeeded(path)
    http.close()

    with capsys.disabled():
        sweep.check(55)


def test_async_methods(url, preparing, capsys):
    """Each method of AsyncCoze succeeds."""
    sweep = Sweep()

    async def all_of_them() -> None:
        http = cozepy.AsyncHTTPClient(event_hooks={"response": [sweep.note_async]}, timeout=30)
        client = AsyncCoze(auth=AsyncTokenAuth("pat_mockcbs"), base_url=url, http_client=http)
        secure = AsyncCoze(auth=AsyncTokenAuth("pat_mockcbs"), base_url="https://127.0.0.1")
        for path, method in methods(client, secure):
            given = arguments(preparing, path, method)
            try:
                await consume_async(method(**given))
            except Exception as error:  # noqa: BLE001 - whatever goes wrong is reported with the others
                sweep.failed(path, error)
            else:
                sweep.succeeded(path)
        await http.aclose()

    asyncio.run(all_of_them())

    with capsys.disabled():
        sweep.check(55)


def consume(result: Any) -> None:
    """Read pages and streams to their end."""
    if hasattr(result, "__iter__") and not isinstance(result, BaseModel | FileHTTPResponse):
        list(result)


async def consume_async(result: Any) -> None:
    """The same, awaiting what has to be."""
    if inspect.isawaitable(result):
        result = await result
    if hasattr(result, "__aiter__") and not isinstance(result, AsyncIteratorHTTPResponse):
        async for _ in result:
            pass
