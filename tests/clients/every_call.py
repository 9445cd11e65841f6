"""One call of every operation, in an order in which each finds what it needs."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any

import httpx
import oss2

from tests.services.iam.logins import IN_PROJECT, login

BOT, WORKFLOW, CHATFLOW = "7342866812345678901", "7389589103588700001", "7389589103588700009"
PROJECT, QABOT = "1604d8170cd84440a81281e5a3a04f8b", "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
SPACE, SOMEONE, ENTERPRISE = "7361424235321600001", "7439828073344200001", "7439828073311100001"
QUESTION = {"role": "user", "content": "桌面云打不开", "content_type": "text"}
WEEK = "start_date=2025-12-15&end_date=2025-12-21"
LOGIN = login(scope=IN_PROJECT)


@dataclass(frozen=True)
class Seen:
    """What a client sees of a response."""

    call: str
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    """Without the date, which servers take from the machine."""


@dataclass
class Suite:
    """A client of every service, which notes what it sees."""

    http: httpx.Client
    seen: list[Seen] = field(default_factory=list)

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
        """A call with the credentials of the service whose path it is; *body* becomes JSON."""
        content = {} if body is None else {"json": body}
        options.setdefault("headers", _credentials(path))
        answer = self.http.request(method, path, **content, **options)
        self.note(method, path, answer)
        return answer

    def note(self, method: str, path: str, answer: Any) -> None:
        """Keep what matters of a response of httpx or requests."""
        headers = {name.lower(): value for name, value in answer.headers.items() if name.lower() != "date"}
        self.seen.append(Seen(f"{method} {path}", answer.status_code, answer.content, headers))

    def data(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """The member *data* of the response."""
        return self.call(method, path, body, **options).json()["data"]


def _credentials(path: str) -> dict[str, str]:
    if path.startswith("/v0/"):
        return {"Authorization": "Bearer patmockcbs.mockcbs"}
    if path.startswith("/open-apis/"):
        return {"Authorization": "Bearer t-mockcbs"}
    if path.startswith((f"/v1/{PROJECT}", "/v3/auth", "/v3/projects")):
        return {"X-Auth-Token": "any-token", "X-Subject-Token": "any-token"}
    return {"Authorization": "Bearer pat_suite"}


def every_call(base_url: str) -> list[Seen]:
    """What came of all calls, one after the other."""
    with httpx.Client(base_url=base_url, timeout=30, trust_env=False) as http:
        suite = Suite(http)
        for part in (_cbs, _iam, _bots, _chats, _workflows, _teams, _rest, _oauth, _feishu, _airtable, _docs):
            part(suite)
        _oss(suite)
        _errors(suite)
    return suite.seen


def _cbs(suite: Suite) -> None:
    bot = f"/v1/{PROJECT}/qabots/{QABOT}"
    opened = suite.call("POST", f"{bot}/sessions", {}).json()["session_id"]
    suite.call("POST", f"{bot}/sessions/{opened}", {"question": "桌面云打不开"})
    suite.call("DELETE", f"{bot}/sessions/{opened}")
    suite.call("POST", f"{bot}/chat", {"question": "桌面云打不开"})
    asked = suite.call("POST", f"{bot}/requests", {"question": "桌面云打不开", "session_id": "s"}).json()[
        "request_id"
    ]
    suite.call("POST", f"{bot}/requests/{asked}/labor")
    suite.call("POST", f"{bot}/requests/{asked}/satisfaction", {"degree": 1})
    suite.call("POST", f"{bot}/suggestions", {"question": "桌面"})
    for name in ("requests/session-stats", "requests/reply-rates", "qa-pairs/hots", "requests/keywords"):
        suite.call("GET", f"{bot}/{name}?interval=day")


def _iam(suite: Suite) -> None:
    issued = suite.call("POST", "/v3/auth/tokens", LOGIN).headers["X-Subject-Token"]
    suite.call("GET", "/v3/auth/tokens", headers={"X-Auth-Token": issued, "X-Subject-Token": issued})
    suite.call("GET", "/v3/projects")
    suite.call("GET", "/v3/auth/domains")


def _bots(suite: Suite) -> None:
    made = suite.data("POST", "/v1/bot/create", {"space_id": SPACE, "name": "x"})["bot_id"]
    suite.call("POST", "/v1/bot/update", {"bot_id": made, "description": "y"})
    suite.call("POST", "/v1/bot/publish", {"bot_id": made, "connector_ids": ["1024", "10000999"]})
    suite.call("GET", f"/v1/bot/get_online_info?bot_id={made}")
    suite.call("GET", f"/v1/bots/{made}")
    suite.call("GET", f"/v1/bots/{made}/versions")
    suite.call("GET", f"/v1/bots?workspace_id={SPACE}")
    suite.call("GET", f"/v1/space/published_bots_list?space_id={SPACE}")
    suite.call("PUT", f"/v1/connectors/10000999/bots/{made}", {"audit_status": 2})
    suite.call("POST", f"/v1/bots/{made}/collaboration_mode", {"collaboration_mode": "collaboration"})
    suite.call("POST", f"/v1/bots/{made}/collaborators", {"collaborators": [{"user_id": SOMEONE}]})
    suite.call("DELETE", f"/v1/bots/{made}/collaborators/{SOMEONE}")
    suite.call("POST", f"/v1/bots/{made}/unpublish", {"connector_id": "1024"})
    suite.call("POST", f"/v1/templates/{SOMEONE}/duplicate", {"workspace_id": SPACE, "name": "z"})
    for path in (f"/v1/bots/{BOT}/analytics", f"/v1/workflows/{WORKFLOW}/analytics"):
        suite.call("GET", f"{path}?{WEEK}&granularity=hour")
        suite.call("GET", f"{path}/logs?{WEEK}")


def _chats(suite: Suite) -> None:
    talk = suite.data("POST", "/v1/conversation/create", {"bot_id": BOT, "messages": [QUESTION]})["id"]
    where = f"conversation_id={talk}"
    asked = {"bot_id": BOT, "user_id": "u", "additional_messages": [QUESTION]}
    chat = suite.data("POST", f"/v3/chat?{where}", asked)["id"]
    suite.call("POST", f"/v3/chat/cancel?{where}", {"conversation_id": talk, "chat_id": chat})
    chat = suite.data("POST", f"/v3/chat?{where}", asked)["id"]
    suite.call("GET", f"/v3/chat/retrieve?{where}&chat_id={chat}")
    suite.call("POST", f"/v3/chat/retrieve?{where}&chat_id={chat}")
    answer = suite.data("GET", f"/v3/chat/message/list?{where}&chat_id={chat}")[0]["id"]
    suite.call("POST", f"/v1/conversations/{talk}/messages/{answer}/feedback", {"feedback_type": "like"})
    suite.call("DELETE", f"/v1/conversations/{talk}/messages/{answer}/feedback")
    tools = {**asked, "additional_messages": [{**QUESTION, "content": "mockcbs:tool"}]}
    waiting = suite.data("POST", f"/v3/chat?{where}", tools)["id"]
    waiting = suite.data("GET", f"/v3/chat/retrieve?{where}&chat_id={waiting}")
    calls = waiting["required_action"]["submit_tool_outputs"]["tool_calls"]
    outputs = [{"tool_call_id": call["id"], "output": "sunny"} for call in calls]
    target = f"/v3/chat/submit_tool_outputs?{where}&chat_id={waiting['id']}"
    suite.call("POST", target, {"tool_outputs": outputs, "stream": True})
    suite.call("POST", "/v3/chat", {**asked, "stream": True})
    suite.call("POST", "/v1/workflows/chat", {"workflow_id": CHATFLOW, "additional_messages": [QUESTION]})
    version_2 = {"bot_id": BOT, "user": "u", "query": "桌面云打不开", "stream": True}
    suite.call("POST", "/open_api/v2/chat", version_2)
    made = suite.data("POST", f"/v1/conversation/message/create?{where}", QUESTION)["id"]
    suite.call("GET", f"/v1/conversation/message/retrieve?{where}&message_id={made}")
    suite.call("POST", f"/v1/conversation/message/modify?{where}&message_id={made}", {"content": "y"})
    suite.call("POST", f"/v1/conversation/message/list?{where}", {})
    suite.call("POST", f"/v1/conversation/message/delete?{where}&message_id={made}")
    suite.call("GET", f"/v1/conversation/retrieve?{where}")
    suite.call("GET", f"/v1/conversations?bot_id={BOT}")
    suite.call("PUT", f"/v1/conversations/{talk}", {"name": "n"})
    suite.call("POST", f"/v1/conversations/{talk}/clear")
    suite.call("DELETE", f"/v1/conversations/{talk}")


def _workflows(suite: Suite) -> None:
    suite.call("POST", "/v1/workflow/run", {"workflow_id": WORKFLOW})
    run = suite.call("POST", "/v1/workflow/run", {"workflow_id": WORKFLOW, "is_async": True}).json()
    history = f"/v1/workflows/{WORKFLOW}/run_histories/{run['execute_id']}"
    for _ in range(2):
        suite.call("GET", history)
    suite.call("GET", f"{history}/execute_nodes/{run['execute_id']}-end")
    for resume in ("/v1/workflow/stream_resume", "/v1/workflows/resume"):
        asks = {"workflow_id": WORKFLOW, "parameters": {"mockcbs": "ask"}}
        stream = suite.call("POST", "/v1/workflow/stream_run", asks).text
        interrupt = next(line for line in stream.splitlines() if '"interrupt_data"' in line)
        event_id = json.loads(interrupt.removeprefix("data:"))["interrupt_data"]["event_id"]
        answer = {"workflow_id": WORKFLOW, "event_id": event_id, "resume_data": "x", "interrupt_type": 2}
        suite.call("POST", resume, answer)
    suite.call("GET", f"/v1/workflows?workspace_id={SPACE}")
    suite.call("GET", f"/v1/workflows/{WORKFLOW}")
    suite.call("GET", f"/v1/workflows/{WORKFLOW}/versions")
    suite.call("POST", f"/v1/workflows/{WORKFLOW}/collaborators", {"collaborators": [{"user_id": SOMEONE}]})
    suite.call("DELETE", f"/v1/workflows/{WORKFLOW}/collaborators/{SOMEONE}")


def _teams(suite: Suite) -> None:
    users = [{"user_id": SOMEONE, "role": "enterprise_member"}]
    suite.call("POST", f"/v1/enterprises/{ENTERPRISE}/members", {"users": users})
    member = f"/v1/enterprises/{ENTERPRISE}/members/{SOMEONE}"
    suite.call("PUT", member, {"role": "enterprise_admin"})
    made = suite.data(
        "POST", f"/v1/enterprises/{ENTERPRISE}/organizations", {"name": "o", "super_admin_user_id": SOMEONE}
    )["organization_id"]
    suite.call("PUT", f"/v1/organizations/{made}", {"name": "p"})
    people = [{"user_id": SOMEONE[::-1], "role": "organization_member"}]
    suite.call("POST", f"/v1/organizations/{made}/members", {"users": people})
    suite.call("DELETE", f"/v1/organizations/{made}/members/{SOMEONE}")
    suite.call("DELETE", member, {"receiver_user_id": SOMEONE[::-1]})
    space = suite.data("POST", "/v1/workspaces", {"name": "w"})["id"]
    suite.call("PUT", f"/v1/workspaces/{space}", {"name": "v"})
    suite.call(
        "POST", f"/v1/workspaces/{space}/members", {"users": [{"user_id": SOMEONE, "role_type": "member"}]}
    )
    suite.call("GET", f"/v1/workspaces/{space}/members")
    suite.call("DELETE", f"/v1/workspaces/{space}/members", {"user_ids": [SOMEONE]})
    suite.call("GET", "/v1/workspaces")
    suite.call("GET", f"/v1/apps?workspace_id={SPACE}")
    suite.call("POST", f"/v1/apps/{SOMEONE}/collaborators", {"collaborators": [{"user_id": SOMEONE}]})
    suite.call("DELETE", f"/v1/apps/{SOMEONE}/collaborators/{SOMEONE}")
    folders = suite.data("GET", f"/v1/folders?workspace_id={SPACE}&folder_type=library")["items"]
    suite.call("GET", f"/v1/folders/{folders[0]['id']}")
    suite.call("POST", "/v1/connectors/10000999/install", {"workspace_id": SPACE})
    configs = [{"key": "device_id", "enums": [{"value": "d", "label": "d"}]}]
    suite.call("POST", "/v1/connectors/10000999/user_configs", {"configs": configs, "user_id": "u"})


def _rest(suite: Suite) -> None:
    uploaded = suite.call("POST", "/v1/files/upload", files={"file": ("x.txt", b"text")}).json()["data"]["id"]
    suite.call("GET", f"/v1/files/retrieve?file_id={uploaded}")
    suite.call("GET", "/v1/users/me")
    variables = {"bot_id": BOT, "connector_uid": "u", "data": [{"keyword": "k", "value": "v"}]}
    suite.call("PUT", "/v1/variables", variables)
    suite.call("GET", f"/v1/variables?bot_id={BOT}&connector_uid=u")
    suite.call("GET", "/v1/commerce/benefit/benefits/get?benefit_type_list=call_tool_limit")
    days = {"started_at": 1765728000, "ended_at": 1765814400}
    task = suite.data("POST", "/v1/commerce/benefit/bill_tasks", days)["task_id"]
    listed = suite.data("GET", f"/v1/commerce/benefit/bill_tasks?task_ids={task}")
    (link,) = listed["task_infos"][0]["file_urls"]
    suite.call("GET", httpx.URL(link).raw_path.decode())
    app = suite.data("POST", "/v1/api_apps", {"app_type": "normal", "name": "x"})["id"]
    suite.call("GET", "/v1/api_apps")
    suite.call("PUT", f"/v1/api_apps/{app}", {"name": "y"})
    events = {"event_types": ["bot.published"]}
    suite.call("POST", f"/v1/api_apps/{app}/events", events)
    suite.call("GET", f"/v1/api_apps/{app}/events")
    suite.call("DELETE", f"/v1/api_apps/{app}/events", events)
    suite.call("DELETE", f"/v1/api_apps/{app}")


def _oauth(suite: Suite) -> None:
    oauth = "/api/permission/oauth2"
    tokens = [f"{oauth}/token", f"{oauth}/account/1/token", f"{oauth}/workspace_id/1/token"]
    link = "client_id=c&redirect_uri=http%3A%2F%2Fa.example%2F&response_type=code"
    refresh = ""
    for page, token in zip((oauth, oauth, f"{oauth}/workspace_id/1"), tokens, strict=True):
        landed = suite.call("GET", f"{page}/authorize?{link}&code_challenge=ver").headers["Location"]
        grant = {
            "grant_type": "authorization_code",
            "client_id": "c",
            "code": httpx.URL(landed).params["code"],
            "redirect_uri": "http://a.example/",
            "code_verifier": "ver",
        }
        refresh = suite.call("POST", token, grant).json()["refresh_token"]
    renew = {"grant_type": "refresh_token", "client_id": "c", "refresh_token": refresh}
    suite.call("POST", f"{oauth}/enterprise_id/1/token", renew)
    suite.call("POST", tokens[0], renew)
    suite.call("POST", f"{oauth}/workspace_id/1/device/code", {"client_id": "c"})
    device = suite.call("POST", f"{oauth}/device/code", {"client_id": "c"}).json()
    suite.call("GET", f"{oauth}/device/consent?user_code={device['user_code']}")
    kind = "urn:ietf:params:oauth:grant-type:device_code"
    suite.call(
        "POST", tokens[0], {"grant_type": kind, "client_id": "c", "device_code": device["device_code"]}
    )
    kind = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    claims = {"iss": "c", "aud": "api.coze.cn", "iat": 1766365200, "exp": 2**32, "jti": "j"}
    parts = (b'{"alg":"RS256","kid":"k"}', json.dumps(claims).encode(), b"signature")
    jwt = {"Authorization": f"Bearer {'.'.join(map(_base64, parts))}"}
    suite.call("POST", tokens[0], {"grant_type": kind, "duration_seconds": 900}, headers=jwt)


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _feishu(suite: Suite) -> None:
    app = {"app_id": "cli_mockcbs", "app_secret": "mockcbs-app-secret"}
    suite.call("POST", "/open-apis/auth/v3/tenant_access_token/internal", app)
    suite.call("POST", "/open-apis/auth/v3/app_access_token/internal", app)
    base = suite.data("POST", "/open-apis/bitable/v1/apps", {"name": "b"})["app"]["app_token"]
    tables = f"/open-apis/bitable/v1/apps/{base}/tables"
    table = suite.data("POST", tables, {"table": {"name": "t"}})["table_id"]
    record = suite.data("POST", f"{tables}/{table}/records", {"fields": {}})["record"]["record_id"]
    suite.call("GET", f"{tables}/{table}/records/{record}")
    suite.call("POST", f"{tables}/{table}/records/search", {})
    suite.call("GET", f"{tables}/{table}/fields")
    suite.call("GET", f"{tables}/{table}/views")
    suite.call("GET", "/open-apis/im/v1/chats")
    message = {"receive_id": "oc_1", "msg_type": "text", "content": '{"text":"hi"}'}
    suite.call("POST", "/open-apis/im/v1/messages?receive_id_type=chat_id", message)
    suite.call("POST", "/open-apis/bot/v2/hook/mockcbs", {"msg_type": "text", "content": {"text": "hi"}})


def _airtable(suite: Suite) -> None:
    made = suite.call("POST", "/v0/appMockcbsReports/Reports", {"fields": {}}).json()["id"]
    suite.call("GET", f"/v0/appMockcbsReports/Reports/{made}")
    suite.call("GET", "/v0/appMockcbsReports/Reports")
    suite.call("GET", "/v0/meta/bases/appMockcbsReports/tables")
    suite.call("GET", "/v0/meta/whoami")


def _docs(suite: Suite) -> None:
    suite.call("GET", "/oauth/v2/app-account-token?client_id=mockcbs-docs&client_secret=mockcbs-docs-secret")
    suite.call("GET", "/cgi-bin/gettoken?corpid=c&corpsecret=s")


def _oss(suite: Suite) -> None:
    """Through the SDK, which signs."""
    session = oss2.Session()
    session.session.hooks["response"].append(
        lambda answer, **_: suite.note(answer.request.method, answer.request.path_url, answer)
    )
    auth = oss2.Auth("MOCKCBSAK", "mockcbs-secret-key")
    bucket = oss2.Bucket(auth, str(suite.http.base_url), "reports", session=session)
    bucket.put_object("a.csv", b"text")
    bucket.get_object("a.csv").read()
    upload = bucket.init_multipart_upload("b.csv").upload_id
    part = bucket.upload_part("b.csv", upload, 1, b"text")
    bucket.list_parts("b.csv", upload)
    bucket.complete_multipart_upload("b.csv", upload, [oss2.models.PartInfo(1, part.etag)])
    bucket.list_objects_v2()


def _errors(suite: Suite) -> None:
    for path in (
        "/v1/bots/nope/analytics",
        "/v3/chat/retreive",
        "/v1/audio/voices",
        "/v3/nothing",
        "/nothing",
    ):
        suite.call("GET", path)
    suite.call("POST", "/v3/chat", {"bot_id": "0000000000004013", "user_id": "u"})
    suite.call("POST", "/v1/workflow/stream_run", {"workflow_id": "0000000000004200"})
