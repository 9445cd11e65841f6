"""The contract of Coze as a table of clauses.

For the words for standing see `mockcbs.contract_tests.clauses`. Coze does not document its analytics; the
article that describes them counts as documentation. The source of a clause is a section of
docs/contract/coze.md.
"""

from mockcbs.contract_tests.coze_team_clauses import TEAM_CLAUSES

from mockcbs.contract.ledger import table

_TABLE = """\
# HTTP, whatever the operation
http.answered | derived | 2.5 | Every request gets a response within the timeout.
http.logid | documented | 2.3.5 | Every response has X-Tt-Logid.
http.logid-form | documented | 2.3.5 | X-Tt-Logid is 14 decimal digits followed by 18 to 20 upper-case
    hexadecimal digits.
http.logid-fresh | derived | 2.3.5 | No two responses have the same X-Tt-Logid.
http.logid-time | derived | 2.3.5 | X-Tt-Logid begins with the current time in China.
http.detail | documented | 2.3.5 | detail.logid of every body equals the header X-Tt-Logid.
http.json | derived | 1.4.3 | Every body except a stream or a file is a JSON object with Content-Type
    application/json; charset=utf-8.
http.raw-text | assumed | 5.3 | Text in a body is raw UTF-8: Chinese is not escaped.
http.code | documented | 2.3 | code is an integer.
http.success | documented | 2.3.1 | A successful response is HTTP 200 with code 0, an empty msg and only
    members of the contract.
http.failure | documented | 2.3.2 | An error response has code, a msg with text, and detail, but no data.
http.ids | documented | 0.2 | Ids are strings, never numbers.
http.no-redirect | derived | 5.3 | No response is a redirect.
http.unknown-path | derived | 2.4 | An unknown path returns 404 with code 4000.
http.wrong-method | assumed | 1.4.4 | A wrong method returns 405 with code 4000; Allow names the right method.
http.trailing-slash | assumed | 5.3 | A slash at the end of a path makes no difference.
http.content-type | documented | 1.4.2 | GET returns the same response without Content-Type and with any
    Content-Type.
http.unknown-parameter | assumed | 1.4.2 | An unknown parameter is ignored.
http.repeated-parameter | assumed | 1.4.2 | If a parameter is repeated, the last value is used.
http.empty-parameter | assumed | 1.4.2 | An empty optional parameter counts as absent.
http.parameter-order | derived | 1.4.2 | Parameters may come in any order.
http.null-members | derived | 3.5.1 | A member with the value null counts as absent.
http.no-body | derived | 2.3.3 | A POST without body and Content-Type is accepted if the query has all
    parameters.
http.broken-body | assumed | 5.3 | A body that is not a JSON object returns 400 with code 4000.
http.number-ids | assumed | 0.2 | An id in a body may be a JSON number.

# who may call
auth.missing | documented | 2.2.3 | A request without Authorization returns 401 with code 4100.
auth.scheme | derived | 1.4.4 | An Authorization header that is not Bearer, or has no token, returns 401 with
    code 4100.
auth.bad-token | documented | 2.2.3 | An invalid token returns 401 with code 700012006.
auth.chat-bad-token | documented | 2.2.3 | POST /v3/chat with an invalid token returns HTTP 200 with code 4101
    as JSON, never a stream.
auth.other-header | assumed | 1.4.2 | A token in X-API-Key is not accepted.
auth.before-parameters | assumed | 1.4.4 | Credentials are checked before parameters and bot.
auth.after-route | assumed | 1.4.4 | The path is checked before the credentials.
auth.bot-token | documented | 1.4.4 | A token bound to another bot returns 403 with code 4101.

# shape and precision
shape.success | documented | 2.3.1 | A valid request returns HTTP 200 with code 0.
shape.analytics | assumed | 1.4.3 | The analytics have the members of the contract with the right types.
shape.logs | assumed | 1.4.5 | The raw events have the members of the contract with the right types.
shape.extra | assumed | 1.4.3 | Analytics and raw events have only members of the contract.
shape.once | derived | 2.6 | A list contains each item once.
shape.counted | derived | 2.6 | total is the number of items on all pages, and has_more is false on the last
    page.
shape.past | derived | 3.2 | Times of creation, change, publishing and end are not in the future.
shape.named | derived | 3.2 | A response has the same ids as the request for a bot, workflow,
    conversation, message, chat or run.
shape.agreeing | derived | 1.4.3 | In the statistics, dates, zone and timestamps match the requested
    range, success_rate and error_rate add up to 1, and the summary is possible for its rows.
shape.bot | derived | 3.1.1 | The settings of a bot have all members that the SDKs require.
shape.space-bots | derived | 3.1.2 | The older list of bots has all members that the SDKs require;
    publish_time is a string.
shape.bots | derived | 3.1.3 | The list of bots has all members that the SDKs require.
shape.made-bot | derived | 3.1.4 | Creating a bot and publishing a bot return its id.
shape.bot-versions | derived | 3.1.4 | The versions of a bot have items, has_more and total; an item has
    version, description, times, connector_ids and creator.
shape.workspaces | derived | 3.8 | The list of workspaces has all members that the SDKs require.
shape.user | derived | 3.9 | users/me has all members that the SDKs require.
shape.conversation | derived | 3.2 | A conversation has all members that the SDKs require; meta_data is never
    null.
shape.conversations | derived | 3.2 | The list of conversations has all members that the SDKs require.
shape.section | derived | 3.2 | Clearing a conversation returns the ids of the new section and of the
    conversation.
shape.message | derived | 3.3 | A message has all members that the SDKs require; times are integers.
shape.chat | derived | 3.5.3 | A chat has all members that the SDKs require; no member of usage or last_error
    is null.
shape.file | derived | 3.10 | A file has id, bytes, file_name and created_at.
shape.variables | derived | 3.11 | A variable has keyword and value.
shape.workflows | derived | 3.7.4 | The list of workflows has all members that the SDKs require.
shape.workflow | derived | 3.7.4 | A workflow has all members that the SDKs require.
shape.workflow-versions | derived | 3.7.5 | The versions of a workflow have all members that the SDKs require;
    times are strings.
shape.run | derived | 3.7.1 | A run returns debug_url, and data as a string, at the same level as code.
shape.run-history | derived | 3.7.6 | The history of a run has all members that the SDKs require, including
    is_output_trimmed.
shape.node-output | derived | 3.7.6 | The output of a node has is_finish.
shape.device | derived | 2.2.2 | A device code has all members that the SDKs require; expires_in is a duration
    in seconds.
shape.tokens | derived | 2.2.2 | A token response has no envelope; token_type is Bearer, expires_in is an
    absolute Unix time in s.
number.rates | assumed | 1.4.3 | Rates are fractions from 0 to 1 with one to four decimals.
number.means | assumed | 1.4.3 | Mean times are milliseconds with at most two decimals.

# usage statistics of a bot
analytics.figures | documented | 1.4.1 | Each row has total_messages, success_rate and avg_response_time_ms as
    numbers.
analytics.echo | assumed | 1.4.3 | The response repeats bot, dates and granularity, and names the zone
    Asia/Shanghai.
analytics.inclusive | derived | 1.4.2 | end_date is inclusive: there is one row for each day from the first to
    the last.
analytics.rows | assumed | 1.4.3 | Every bucket that has begun is present, also without data; the oldest comes
    first.
analytics.timestamp | derived | 1.4.3 | timestamp is the Unix time at which the bucket begins in Shanghai.
analytics.hours | assumed | 1.4.3 | granularity=hour returns hours 0 to 23 of each day; rows by day have no
    hour.
analytics.future | assumed | 1.4.2 | Buckets that have not begun in Shanghai are absent; the current bucket is
    present.
analytics.rates-add | documented | 1.4.3 | error_rate is 1 - success_rate.
analytics.silence | assumed | 1.4.3 | Without calls, counts and mean are 0, success_rate is 1.0 and error_rate
    is 0.0.
analytics.sums | derived | 1.4.3 | Messages and calls of summary are the sums of all rows.
analytics.distinct | assumed | 1.4.3 | summary counts each user and each session once: at most the sum and at
    least the maximum of the rows.
analytics.people | derived | 1.4.3 | Users of a busy bot return: summary has fewer users than the sum of the
    rows.
analytics.weighted | assumed | 1.4.3 | The mean of summary is the mean of the rows weighted by executions.
analytics.weighted-rates | assumed | 1.4.3 | The rates of summary are the rates of the rows weighted by
    executions.
analytics.quotients | assumed | 1.4.3 | Rates and means are quotients over ended executions, rounded half up.
analytics.bounds | assumed | 1.4.3 | There are at most as many users and sessions as calls; if there are
    calls, there is a session.
analytics.hours-sum | derived | 1.4.3 | The hours of a day add up to the day: counts, users, sessions, mean
    and rates.
analytics.adjoining | derived | 1.4.3 | Two adjacent ranges add up to the range that covers both.
analytics.single-day | derived | 1.4.3 | The summary of a range of one day equals its row, and equals the row
    of that day in a longer range.
analytics.idempotent | derived | 1.4.7 | A repeated request about the past returns the same figures.
analytics.events-calls | derived | 1.5.4 | Calls, users and sessions of each bucket equal those of its raw
    events.
analytics.events-messages | derived | 1.5.4 | total_messages is the number of questions and answers sent.
analytics.events-rates | derived | 1.5.4 | success_rate is completed executions divided by completed and
    failed executions, rounded half up.
analytics.events-mean | derived | 1.5.4 | The mean is the mean duration_ms of ended executions, rounded half
    up.
analytics.events-summary | derived | 1.5.4 | summary is computed from the raw events of the range, not from
    the rows.
analytics.default-granularity | assumed | 1.4.2 | Without granularity the rows are by day.
analytics.session | documented | 1.4.2 | session_id selects the executions of that conversation.
analytics.alias | assumed | 1.4.2 | conversation_id is another name of session_id.
analytics.alias-conflict | assumed | 1.4.4 | Different values of session_id and conversation_id return 400
    with code 4000.
analytics.user | documented | 1.4.2 | user_id selects the executions of that user.
analytics.connector | assumed | 1.4.2 | connector_id selects the executions of that channel.
analytics.together | derived | 1.4.2 | With several filters, only executions that match all of them are
    counted.
analytics.unknown-filter | assumed | 1.4.3 | An unknown session, user or channel returns rows of zeros, not an
    error.
analytics.required | assumed | 1.4.4 | A missing or empty start_date or end_date returns 400 with code 4000.
analytics.bad-date | assumed | 1.4.4 | A date that is not a real day as YYYY-MM-DD returns 400 with code 4000.
analytics.reversed | assumed | 1.4.4 | An end_date before start_date returns 400 with code 4000.
analytics.first-date | assumed | 1.4.2 | The earliest date is 2023-01-01.
analytics.longest-days | assumed | 1.4.2 | A range by day has at most 180 days.
analytics.longest-hours | assumed | 1.4.2 | A range by hour has at most 31 days.
analytics.bad-granularity | assumed | 1.4.4 | A granularity other than day and hour, in lower case, returns
    400 with code 4000.
analytics.long-filter | assumed | 1.4.2 | session_id has at most 64 characters, user_id at most 256.
analytics.control-characters | assumed | 1.4.4 | A control character in a filter returns 400 with code 4000.
analytics.bad-connector | assumed | 1.4.2 | A connector_id that is not a number returns 400 with code 4000.
analytics.bad-bot | derived | 1.4.4 | A bot id that is not a number returns 400 with code 4000.
analytics.unknown-bot | documented | 1.4.4 | An unknown bot returns 404 with code 4200.
analytics.syntax-first | assumed | 1.4.4 | Parameters are checked before the bot.

# raw events of a bot
logs.kinds | documented | 1.5.3 | Events are session.started, message.sent, execution.completed,
    execution.failed.
logs.status | assumed | 1.5.3 | The status of an event is started, sent, success or failed, according to its
    type.
logs.unique | derived | 1.5.3 | Event ids are unique; repeated requests return the same ids.
logs.inside | derived | 1.4.2 | trigger_time lies within the requested days in Shanghai.
logs.order | assumed | 1.4.5 | Executions are sorted by their start.
logs.duration | documented | 1.5.3 | duration_ms is present if, and only if, the event ends an execution.
logs.times | derived | 1.4.5 | An execution's timestamp is its trigger_time plus duration_ms, both in ms.
logs.role | assumed | 1.5.3 | message.sent, and no other event, has a role: user or assistant.
logs.error | assumed | 1.5.3 | execution.failed, and no other event, has error_code and error_message.
logs.owner | documented | 1.5.3 | Each event has the id of the requested bot.
logs.execution | derived | 1.5.4 | An execution has one question and at most one end; it has an answer if it
    completed.
logs.page | assumed | 1.4.5 | page_size is by default 20, page_num by default 1.
logs.pages | derived | 1.4.5 | The pages together contain each event once; total is the number of events.
logs.has-more | derived | 1.4.5 | has_more is true before the last page and false from the last page on.
logs.beyond | assumed | 2.6 | A page beyond the last is empty, with the same total.
logs.page-limits | assumed | 1.4.5 | page_size is from 1 to 100 and page_num at least 1; other values are
    rejected.
logs.event-type | assumed | 1.4.5 | event_type is a list separated by commas; it selects events of those
    types.
logs.bad-event-type | assumed | 1.4.5 | An unknown event_type returns 400 with code 4000.
logs.status-filter | assumed | 1.4.5 | status selects the events with that status.
logs.bad-status | assumed | 1.4.5 | An unknown status returns 400 with code 4000.
logs.filters | assumed | 1.4.5 | session_id, conversation_id, user_id and connector_id filter events too.
logs.granularity | assumed | 1.4.5 | granularity is ignored.
logs.parameters | assumed | 1.4.5 | Dates and bot are checked in the same way as for the analytics.

# what is read around them, and what is refused
bots.same | derived | 3.1.1 | The older and the newer operation return the same bot.
bots.draft | documented | 3.1.1 | With is_published=false, version is ''.
bots.unknown | documented | 3.1.1 | An unknown bot returns 404 with code 4200.
bots.bad-id | derived | 3.1.1 | A bot id that is not a number returns 400 with code 4000.
bots.required | documented | 3.1 | Each operation returns 400 with code 4000 without its workspace_id,
    space_id or bot_id.
bots.status | documented | 3.1.3 | publish_status defaults to published_online; an unknown value returns 400
    with code 4000.
bots.total | derived | 3.1.3 | total counts the bots of all pages; both lists contain the same published bots.
bots.order | documented | 3.1.2 | In the older list the bot that was published last comes first.
bots.page-names | derived | 2.6 | page_index and page_num both select a page of the list.
bots.last-page | derived | 2.6 | has_more is false on a page that is not full, for versions, workflows and
    conversations.
bots.beyond | assumed | 2.6 | A page beyond the last is empty, with code 0.
workspaces.pages | documented | 3.8 | page_size is at most 50; a page beyond the last is empty; total_count
    counts all pages.
workflows.found | derived | 3.7.4 | The list of workflows and the details of a workflow agree.
workflows.mode | documented | 3.7.4 | workflow_mode selects workflows or chatflows; another value returns 400
    with code 4000.
workflows.unknown | documented | 3.7.4 | An unknown workflow returns 404 with code 4200.
workflows.required | documented | 3.7.4 | The list without workspace_id returns 400 with code 4000.
workflows.no-history | documented | 3.7.6 | An unknown execution returns code 4314, not an empty list.
workflows.analytics | documented | 1.4.5 | A workflow has the same analytics as a bot: the same rows, sums and
    errors.
workflows.messages | assumed | 1.4.5 | A workflow that is not a chatflow has no messages.
workflows.logs | assumed | 1.4.5 | The events of a workflow have its id and the execution; its figures follow
    from them.
conversations.list-bot | documented | 3.2 | The list of conversations without bot_id returns 400 with code
    4000; with an unknown bot, code 4006.
conversations.page-size | documented | 3.2 | page_size of conversations is at most 50.
conversations.unknown | documented | 3.2 | An unknown conversation returns code 4002 in every operation.
files.unknown | assumed | 3.10 | An unknown file returns an error code and no data.
variables.unknown | assumed | 3.11 | For a user without variables, items is empty.
variables.owner | documented | 3.11 | A request without connector_uid, or without exactly one of bot_id and
    app_id, returns 400 with code 4000.
chat.unknown-bot | documented | D-33 | A chat with an unknown bot returns code 4006 as JSON, also with
    stream=true.
chat.required | documented | 3.5.1 | A chat without bot_id or user_id returns 400 with code 4000.
chat.unknown | documented | 3.5.4 | An unknown chat returns code 4001, or 4002 if the conversation is unknown
    too.
oauth.open | documented | 2.2 | The token endpoints require no bearer token.
oauth.envelope | derived | 2.2.2 | OAuth errors have no envelope; error_code and error have the same value,
    beside error_message.
oauth.grant-type | documented | 2.2.2 | An unknown grant_type returns 400 unsupported_grant_type, a missing
    one invalid_request.
oauth.parameter | documented | 2.2.2 | A missing parameter returns 400 invalid_request with its name.
oauth.code | documented | 2.2.2 | An invalid code or refresh token returns 400.
oauth.client | documented | 2.2.2 | A text that is not a JWT returns 401 invalid_client.
oauth.authorize | documented | 2.2.2 | The consent page requires client_id, redirect_uri and
    response_type=code.

# what changes something
conversations.create | documented | 3.2 | A new conversation has the given name and meta_data; an empty body
    is accepted.
conversations.listed | documented | 3.2 | The list of conversations is sorted by creation, newest first; with
    sort_order=ASC, oldest first.
conversations.pages | derived | 3.2 | Pages of conversations do not overlap; has_more is false on the last
    page.
conversations.rename | documented | 3.2 | PUT changes the name of a conversation.
conversations.clear | documented | 3.2 | Clearing creates a new section; the conversation then has its id as
    last_section_id.
conversations.delete | documented | 3.2 | Deleting returns no data; after that the conversation returns code
    4002.
conversations.limits | documented | 3.2 | A name of 101 characters returns 400 with code 4000; 17 pairs of
    meta_data, a key over 64 or a value over 512 characters return code 4003.
messages.create | documented | 3.3 | A new message has bot_id, chat_id and type ''.
messages.list | documented | 3.3 | data is the list of messages, newest first; first_id, last_id and has_more
    are at the same level.
messages.empty | derived | 3.3 | An empty list has first_id and last_id '' and has_more false.
messages.cursors | documented | 3.3 | after_id begins after a message, before_id ends before one; limit
    applies to both.
messages.limits | documented | 3.3 | limit is from 1 to 50, by default 50; order is asc or desc; other values
    return 400 with code 4000.
messages.modify | documented | 3.3 | Modifying returns the changed message as message, not as data.
messages.delete | documented | 3.3 | Deleting returns the message; after that the message returns code 4005.
messages.invalid | documented | 3.3 | A message without role, content or content_type returns 400 with code
    4000.
messages.feedback | documented | 3.4 | Feedback on an answer can be given and removed; both return no data.
messages.feedback-question | documented | 3.4 | Feedback on a question returns code 4005.
chat.begins | derived | 3.5.3 | A chat with stream=false is in_progress; without conversation_id it gets a new
    conversation.
chat.completes | documented | 3.5.4 | A chat completes within a few reads; then it has completed_at, and a
    usage whose tokens add up.
chat.both-methods | derived | 3.5.4 | GET and POST retrieve the same chat.
chat.answer | documented | 3.5.5 | The messages of a chat include an answer and a verbose message, but not the
    question.
chat.remembered | documented | 3.3 | The conversation of a chat contains its question and its answer, but no
    verbose message.
chat.meta-data | documented | 3.5.1 | A chat returns its meta_data; 17 pairs return code 4003.
chat.second | documented | 3.5.3 | A second chat in the conversation of a running chat returns code 4016.
chat.cancel | documented | 3.5.6 | A running chat can be canceled; a chat that has ended returns code 4104.
chat.messages-limit | documented | 3.5.1 | More than 100 messages return code 4004.
chat.history | documented | 3.5.1 | stream=false with auto_save_history=false returns code 4007.
chat.counted | derived | 1.5.4 | A chat adds one call, two messages, one user and one session to the
    analytics.
chat.unfinished | assumed | 1.4.3 | A running or canceled chat adds one call and one message, but rates and
    mean leave it out.
chat.logged | derived | 1.5.4 | The raw events of a chat have the ids of chat, conversation and user.
chat.tools | documented | 3.5.7 | A chat that requires tools continues after submit_tool_outputs.
chat.failed | documented | 3.5.3 | A failed chat has a code in last_error and counts as failed.
stream.type | documented | 2.7 | A stream is 200 with text/event-stream and is not cached.
stream.lines | derived | 2.7 | An event is a line event:, a line data: with JSON, and an empty line.
stream.order | documented | 3.5.9 | The events are: created, in_progress, deltas, completed messages,
    completed chat, done.
stream.deltas | documented | 3.5.9 | The deltas together form the answer.
stream.verbose | documented | 3.5.9 | A verbose message with generate_answer_finish follows the last answer.
stream.done | derived | D-20 | The last event is done; its data is the quoted string [DONE], or the debug URL
    of a chatflow.
stream.usage | documented | 3.5.9 | usage is zero in the first events of a chat; in the last event its tokens
    add up.
stream.counted | derived | 1.5.4 | A streamed chat is counted like any other chat.
run.data | documented | 3.7.1 | A run returns its output in data as a text of JSON, beside debug_url and
    usage.
run.async | documented | 3.7.1 | An asynchronous run returns execute_id and no data; its history has one
    element.
run.owners | documented | 3.7.1 | bot_id and app_id together return 400 with code 4000.
run.unknown | documented | 3.7.1, 3.7.2 | An unknown workflow returns 404 with code 4200; a stream returns an
    Error event.
run.counted | derived | 1.5.4 | A run adds one call and one session to the analytics of the workflow.
run.stream | documented | 3.7.2 | A streamed run has Message events and a Done event, numbered from 0.
run.messages | documented | 3.7.2 | node_seq_id is a string that numbers the messages of each node from 0; the
    last one has node_is_finish.
run.stream-error | documented | 3.7.2 | With wrong parameters a stream ends with an Error event of code 4000.
run.interrupt | documented | 3.7.3 | A run that asks a question ends with an Interrupt event and continues
    with the answer.
run.resume-unknown | assumed | 3.7.3 | Resuming a run that is not interrupted returns code 4314.
run.chatflow | documented | 3.6 | A chatflow returns the stream of a chat.
run.no-chatflow | derived | 3.6 | A workflow that is not a chatflow returns 404 with code 4200.
files.upload | documented | 3.10 | An uploaded file can be read with its name and size.
files.bad | documented | 3.10 | An upload of an empty file returns code 4300, one of several files code 4301.
variables.set | documented | 3.11 | Variables that were set can be read, also by keywords; setting returns no
    data.
bots.made | documented | 3.1.4 | A bot is created as a draft, then changed, published, listed and unpublished.
bots.unpublished | derived | 3.1.1 | A bot that is not published to the API returns code 4015, also in a chat.
oauth.device | derived | 2.2.2 | The token of a device code is pending until the user consents; then it is
    issued.
oauth.refresh | documented | 2.2.2 | A refresh token works once and returns the next refresh token.
"""

CLAUSES = (*table("coze", _TABLE), *TEAM_CLAUSES)
"""All clauses about Coze."""
