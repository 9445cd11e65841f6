"""Descriptions in the explorer's Chinese: of parameters, groups of operations, and ways to sign in."""

from collections.abc import Mapping

DESCRIPTIONS: Mapping[str, str] = {
    # the document
    "Operations of mockcbs, a mock that answers from seeded synthetic traffic. `/_mockcbs/docs` shows them "
    "with code, and sends them.": (
        "mockcbs 的接口，响应来自由种子生成的模拟对话。`/_mockcbs/docs` 显示示例代码，并可直接发送。"
    ),
    "This mock": "本 mock",
    "One of these errors:": "错误码如下：",
    # parameters of CBS, IAM and Coze
    "UTC ms; default 0": "UTC 时间戳（毫秒），默认 0",
    "UTC ms; default now": "UTC 时间戳（毫秒），默认当前时间",
    "The token to read.": "待校验的 Token。",
    "Several are separated by commas.": "多个值用英文逗号分隔。",
    "Several are separated by commas: session.started, message.sent, execution.completed, "
    "execution.failed.": (
        "多个值用英文逗号分隔：session.started、message.sent、execution.completed、execution.failed。"
    ),
    "Several are separated by commas: started, sent, success, failed.": (
        "多个值用英文逗号分隔：started、sent、success、failed。"
    ),
    "Several are separated by commas: api_run_qps, call_tool_limit.": (
        "多个值用英文逗号分隔：api_run_qps、call_tool_limit。"
    ),
    "Returned with the code.": "随授权码原样返回。",
    "For a client without a secret (PKCE).": "用于没有客户端密钥的应用（PKCE）。",
    "The code that the device shows.": "设备上显示的用户码。",
    "Refuse.": "拒绝授权。",
    "Answer the next poll with slow_down.": "让下一次轮询收到 slow_down。",
    # parameters of OSS
    "Percent-encode names in the response.": "对返回的名称做 URL 编码。",
    "The maximum number of entries on a page.": "单次返回的最大条数。",
    "The id that InitiateMultipartUpload returned.": "InitiateMultipartUpload 返回的 UploadId。",
    "Only names with this prefix.": "只返回以此为前缀的名称。",
    "The last name of the previous page.": "上一页的最后一个名称。",
    "The last part of the previous page.": "上一页的最后一个分片。",
    "The permissions of the bucket.": "存储空间（Bucket）的读写权限 ACL。",
    "The object to copy: `/BUCKET/KEY`, percent-encoded.": "拷贝源：`/BUCKET/KEY`，需 URL 编码。",
    "The permissions of the object.": "文件（Object）的读写权限 ACL。",
    "The part of the object, such as `bytes=0-99`.": "要读取的字节范围，例如 `bytes=0-99`。",
    "An entity tag that the object must have.": "文件的 ETag 与此值一致时才处理。",
    "An entity tag that the object must not have.": "文件的 ETag 与此值不一致时才处理。",
    "Only if the object was changed after this date.": "文件在此时间之后修改过才处理。",
    "Only if the object was not changed after this date.": "文件在此时间之后没有修改过才处理。",
    "Version 2 of the list.": "列举文件的第 2 版接口。",
    "Names that are equal from the prefix up to this delimiter become one entry.": (
        "分组字符：前缀之后到此字符为止相同的名称合为一组。"
    ),
    "Version 2: start after this name.": "第 2 版：从此名称之后开始列举。",
    "Version 2: `NextContinuationToken` of the previous page.": "第 2 版：上一页的 `NextContinuationToken`。",
    "Version 2: show the owners of objects.": "第 2 版：返回文件的拥有者。",
    "Refuse to replace an object.": "禁止覆盖同名文件。",
    "The current size of the object.": "追加的起点，即文件当前的大小。",
    "The last key of the previous page.": "上一页结束位置的文件名。",
    "The last upload of the previous page.": "上一页结束位置的 UploadId。",
    # parameters of the control API
    "Only this project, where paths name one.": "只针对该项目（路径含项目 ID 的服务）。",
    "Only this token, where paths name no project.": "只针对该令牌（路径不含项目 ID 的服务）。",
    "As the list of buckets shows it.": "取自存储桶列表。",
    "The `next` of the previous page.": "上一页返回的 `next`。",
    "Only requests from this time on: ISO 8601 or epoch ms.": (
        "只返回该时刻及之后的调用：ISO 8601 或毫秒时间戳。"
    ),
    "Only requests before this time.": "只返回该时刻之前的调用。",
    "Only requests whose response this scenario changed.": "只返回响应被该故障场景改变的调用。",
    "Only requests older than the one with this id.": "只返回早于该编号的调用。",
    "The id of a journal entry.": "调用记录的编号。",
    "The operation whose example is used: its name or its operationId.": (
        "使用哪个操作的示例：操作名或 operationId。"
    ),
    "Of a dataset that the body holds.": "请求正文所含数据集的名称。",
    "Path and query of a statistics request, percent-encoded.": "统计请求的路径和查询参数，需 URL 编码。",
    "Such as total.session_count; without it all figures are listed.": (
        "例如 total.session_count；不填则列出全部数字。"
    ),
    "The number of turns or figures on a page.": "每页的对话数或数字个数。",
    "The `next_page_token` of the previous page.": "上一页返回的 `next_page_token`。",
    "A chat, a person, a custom bot's token or an address.": (
        "群聊、用户、自定义机器人的 token 或邮箱地址。"
    ),
    "The number of bytes; by default all.": "字节数，默认全部。",
    "The maximum number of rows of each table.": "每个数据表最多返回的行数。",
    # groups of operations
    "The routes of CBS.": "对话机器人服务的接口。",
    "The routes of IAM.": "统一身份认证服务的接口。",
    "The caller's account, and the variables of its users.": "账号：当前用户，以及用户变量。",
    "Usage statistics and raw events of bots and workflows.": "智能体与工作流的用量统计和原始事件。",
    "Apps, folders and templates.": "应用、文件夹与模板。",
    "The plan of the account, its benefits, and its bills.": "账号的套餐、权益与账单。",
    "Bots: list, create, publish.": "智能体：列表、创建与发布。",
    "Callback apps and their events.": "回调应用及其事件。",
    "Chats with bots, and with chatflows.": "与智能体或对话流对话。",
    "Collaborators of bots, apps and workflows, and channels that an enterprise runs.": (
        "智能体、应用与工作流的协作者，以及企业自建的发布渠道。"
    ),
    "Conversations, their messages, and ratings of answers.": "会话、消息，以及对回答的评价。",
    "Members of enterprises, and their organizations.": "企业成员与组织。",
    "Files: mockcbs stores names and sizes, but not the content.": "文件：保留文件名和大小，不保留内容。",
    "The OAuth endpoints; their responses have no envelope.": "OAuth 接口，响应没有 code/msg 外层。",
    "Workflows: list and run.": "工作流：查看与执行。",
    "Workspaces and their members.": "工作空间及其成员。",
    "Bases and their automations.": "多维表格及其自动化流程。",
    "Fields.": "字段。",
    "Messages, chats, the bot, and custom bots.": "消息、群聊、机器人与自定义机器人。",
    "Records.": "记录。",
    "Tables and views.": "数据表与视图。",
    "Access tokens of apps.": "应用的访问凭证。",
    "The routes of Airtable's Web API.": "Airtable Web API 的接口。",
    "The routes of Tencent Docs and WeCom.": "腾讯文档与企业微信的接口。",
    "Buckets and lists of their objects.": "存储空间（Bucket）与文件列表。",
    "The routes of objects.": "文件（Object）。",
    "Multipart uploads.": "分片上传。",
    "``/_mockcbs``: reads and changes the state of a running mock.": (
        "`/_mockcbs`：查看和改变运行中的模拟服务。"
    ),
    "``/_mockcbs/journal``: the served calls, and what a test expects of them.": (
        "`/_mockcbs/journal`：收到的请求，以及测试对它们的断言。"
    ),
    "``/_mockcbs/samples``: code that sends a request, in several languages and with the vendors' SDKs.": (
        "`/_mockcbs/samples`：用多种语言和官方 SDK 发送请求的代码。"
    ),
    "``/_mockcbs/dataset`` and ``/_mockcbs/seed``: the source of the traffic of a running mock.": (
        "`/_mockcbs/dataset` 与 `/_mockcbs/seed`：流量由哪个数据集和种子生成。"
    ),
    "``/_mockcbs/explain``: the turns and the formula behind every figure of a statistics response.": (
        "`/_mockcbs/explain`：每个统计数字背后的对话和公式。"
    ),
    "``/_mockcbs/messages``: messages to groups, custom bots and mailboxes.": (
        "`/_mockcbs/messages`：发给群聊、自定义机器人和邮箱的消息。"
    ),
    "``/_mockcbs/objects``: the content of the buckets of object stores.": (
        "`/_mockcbs/objects`：存储桶里的内容。"
    ),
    "``/_mockcbs/reports``: daily reports, which requests can add and delete.": (
        "`/_mockcbs/reports`：日报，可添加和删除。"
    ),
    "``/_mockcbs/tables``: the content of the tables of Feishu and the other table services.": (
        "`/_mockcbs/tables`：飞书等数据表的内容。"
    ),
    "``/_mockcbs/turns``: adds a question to the traffic, as if a user of the bot had asked it.": (
        "`/_mockcbs/turns`：为流量添加一个提问，如同用户向机器人提出。"
    ),
    "``/_mockcbs/webhooks``: subscriptions and deliveries, which can be repeated.": (
        "`/_mockcbs/webhooks`：事件订阅与推送，推送可重发。"
    ),
    # ways to sign in
    "The token of `--control-token`, if mockcbs was started with one.": (
        "`--control-token` 的令牌（启动时设置了才需要）。"
    ),
    "A token of IAM: X-Subject-Token of POST /v3/auth/tokens.": (
        "IAM 的 Token：POST /v3/auth/tokens 返回的 X-Subject-Token。"
    ),
    "SDK-HMAC-SHA256, made with an access key by an SDK.": ("SDK-HMAC-SHA256 签名（AK/SK），由 SDK 完成。"),
    "A personal access token, or one of the OAuth endpoints.": "个人访问令牌，或通过 OAuth 获取的令牌。",
    "A token of /open-apis/auth/v3/tenant_access_token/internal.": (
        "/open-apis/auth/v3/tenant_access_token/internal 返回的 tenant_access_token。"
    ),
    "A personal access token.": "个人访问令牌。",
    "A token of /oauth/v2/token or /oauth/v2/app-account-token.": (
        "/oauth/v2/token 或 /oauth/v2/app-account-token 返回的令牌。"
    ),
    "The client that the token is for.": "令牌所属的 Client ID。",
    "The user that the token is for.": "令牌所属的用户（Open ID）。",
    "WeCom: a token of /cgi-bin/gettoken.": "企业微信：/cgi-bin/gettoken 返回的 access_token。",
    "A signature, V1 or V4; SDKs make it.": "V1 或 V4 签名，由 SDK 完成。",
    "The access key of a signed URL.": "签名 URL 的 AccessKey ID。",
    "The end of a signed URL, Unix seconds.": "签名 URL 的过期时间，Unix 秒。",
    "The signature of a signed URL.": "签名 URL 的签名。",
    # responses
    "OK": "成功",
    "Created": "已创建",
    "An empty body.": "正文为空。",
    "Server-sent events.": "服务器发送事件（SSE）。",
    "The data exceed the limit of --memory; the detail names what uses it.": (
        "数据超过 --memory 的上限；detail 说明占用者。"
    ),
    "The body is larger than the control API accepts.": "请求正文超过控制接口的上限。",
    "A page of another origin sent the request, or Host is unknown.": (
        "请求来自其他源的页面，或 Host 未知。"
    ),
    "The token of --control-token is missing or wrong.": "缺少 --control-token 的令牌，或令牌错误。",
    "A parameter or the body is invalid; the detail names it with the reason.": (
        "参数或请求正文无效；detail 说明是哪一个以及原因。"
    ),
    "The reason for this error, in a sentence.": "用一句话说明出错原因。",
}
"""The Chinese texts by the English ones; a text is translated wherever it occurs."""
