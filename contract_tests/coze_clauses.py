"""The Coze half of the contract as a table of clauses.

Standing as in `mockcbs.contract_tests.clauses`. Coze publishes no analytics: there the article that describes
them counts as documentation. The source is a section of the project's contract of Coze.
"""

from mockcbs.contract_tests.coze_team_clauses import TEAM_CLAUSES

from mockcbs.contract.ledger import table

_TABLE = """\
# HTTP, whatever the operation
http.answered | derived | 2.5 | Every call is answered, in time.
http.logid | documented | 2.3.5 | Every response has X-Tt-Logid.
http.logid-form | documented | 2.3.5 | X-Tt-Logid is 14 digits and then 18 to 20 upper-case hexadecimal ones.
http.logid-fresh | derived | 2.3.5 | No two responses have the same X-Tt-Logid.
http.logid-time | derived | 2.3.5 | X-Tt-Logid begins with the time of day in China.
http.detail | documented | 2.3.5 | detail.logid of every envelope is the value of X-Tt-Logid.
http.json | derived | 1.4.3 | Every body but a stream or a file is a JSON object, as application/json;
    charset=utf-8.
http.raw-text | assumed | 5.3 | Text in a body is raw UTF-8: Chinese is not escaped.
http.code | documented | 2.3 | code is an integer.
http.success | documented | 2.3.1 | A success is HTTP 200 with code 0, an empty msg, and no unknown members.
http.failure | documented | 2.3.2 | A failure has code, msg in words, and detail, and no data.
http.ids | documented | 0.2 | Ids are strings, never numbers.
http.no-redirect | derived | 5.3 | No call is answered with a redirect.
http.unknown-path | derived | 2.4 | An unknown path is 404 with code 4000.
http.wrong-method | assumed | 1.4.4 | A wrong method is 405 with code 4000, and Allow names the right one.
http.trailing-slash | assumed | 5.3 | A slash at the end of a path makes no difference.
http.content-type | documented | 1.4.2 | GET is answered alike with no Content-Type and with any.
http.unknown-parameter | assumed | 1.4.2 | An unknown parameter is ignored.
http.repeated-parameter | assumed | 1.4.2 | Of a repeated parameter the last value counts.
http.empty-parameter | assumed | 1.4.2 | An empty optional parameter counts as absent.
http.parameter-order | derived | 1.4.2 | Parameters may come in any order.
http.null-members | derived | 3.5.1 | A member that is null counts as absent.
http.no-body | derived | 2.3.3 | A POST without body and Content-Type is served where the query says it all.
http.broken-body | assumed | 5.3 | A body that is no JSON object is 400 with code 4000.
http.number-ids | assumed | 0.2 | An id in a body may be a JSON number.

# who may call
auth.missing | documented | 2.2.3 | A call without Authorization is 401 with code 4100.
auth.scheme | derived | 1.4.4 | Authorization that is not Bearer, or has no token, is 401 with code 4100.
auth.bad-token | documented | 2.2.3 | A token that is no good is 401 with code 700012006.
auth.chat-bad-token | documented | 2.2.3 | POST /v3/chat answers a bad token with 200 and code 4101, never a
    stream.
auth.other-header | assumed | 1.4.2 | X-API-Key is no credential.
auth.before-parameters | assumed | 1.4.4 | Credentials are looked at before parameters and bot.
auth.after-route | assumed | 1.4.4 | The path is looked at before the credentials.
auth.bot-token | documented | 1.4.4 | A token bound to another bot is 403 with code 4101.

# shape and precision
shape.success | documented | 2.3.1 | What is asked rightly is HTTP 200 with code 0.
shape.analytics | assumed | 1.4.3 | The analytics have the members of the contract, of the right kinds.
shape.logs | assumed | 1.4.5 | The raw events have the members of the contract, of the right kinds.
shape.extra | assumed | 1.4.3 | Analytics and raw events have no members beyond the contract.
shape.bot | derived | 3.1.1 | Settings of a bot have what SDKs require.
shape.space-bots | derived | 3.1.2 | The older list of bots has what SDKs require; publish_time is a string.
shape.bots | derived | 3.1.3 | The list of bots has what SDKs require.
shape.made-bot | derived | 3.1.4 | Making and publishing a bot answer its id.
shape.bot-versions | derived | 3.1.4 | The versions of a bot have items, has_more and total.
shape.workspaces | derived | 3.8 | The list of workspaces has what SDKs require.
shape.user | derived | 3.9 | users/me has what SDKs require.
shape.conversation | derived | 3.2 | A conversation has what SDKs require; meta_data is never null.
shape.conversations | derived | 3.2 | The list of conversations has what SDKs require.
shape.section | derived | 3.2 | Clearing a conversation answers the new section and the conversation.
shape.message | derived | 3.3 | A message has what SDKs require; times are integers.
shape.chat | derived | 3.5.3 | A chat has what SDKs require; nothing in usage or last_error is null.
shape.file | derived | 3.10 | A file has id, bytes, file_name and created_at.
shape.variables | derived | 3.11 | Variables have keyword and value.
shape.workflows | derived | 3.7.4 | The list of workflows has what SDKs require.
shape.workflow | derived | 3.7.4 | A workflow has what SDKs require.
shape.workflow-versions | derived | 3.7.5 | The versions of a workflow have what SDKs require; times are
    strings.
shape.run | derived | 3.7.1 | A run answers data as a string, and debug_url, beside code.
shape.run-history | derived | 3.7.6 | The history of a run has what SDKs require, is_output_trimmed too.
shape.node-output | derived | 3.7.6 | The output of a node has is_finish.
shape.device | derived | 2.2.2 | A device code comes with what SDKs require; expires_in is a duration.
shape.tokens | derived | 2.2.2 | Tokens come bare, of type Bearer; expires_in is an absolute Unix time.
number.rates | assumed | 1.4.3 | Rates are fractions from 0 to 1 with one to four decimals.
number.means | assumed | 1.4.3 | Mean times are milliseconds with at most two decimals.

# usage statistics of a bot
analytics.figures | documented | 1.4.1 | Each row has total_messages, success_rate and avg_response_time_ms as
    numbers.
analytics.echo | assumed | 1.4.3 | The answer names bot, dates, granularity and Asia/Shanghai.
analytics.inclusive | derived | 1.4.2 | end_date is inclusive: one row a day, first and last day among them.
analytics.rows | assumed | 1.4.3 | Every bucket that has begun is present, oldest first, empty ones too.
analytics.timestamp | derived | 1.4.3 | timestamp is the Unix time at which the bucket begins in Shanghai.
analytics.hours | assumed | 1.4.3 | granularity=hour gives hours 0 to 23 of each day; day rows have no hour.
analytics.future | assumed | 1.4.2 | Buckets that have not begun in Shanghai are left out; the current one is
    there.
analytics.rates-add | documented | 1.4.3 | error_rate is 1 - success_rate.
analytics.silence | assumed | 1.4.3 | Without calls, counts and mean are 0, success_rate is 1.0, error_rate
    0.0.
analytics.sums | derived | 1.4.3 | summary counts the messages and calls of all rows.
analytics.distinct | assumed | 1.4.3 | summary counts users and sessions once: at most the sum, at least the
    maximum.
analytics.people | derived | 1.4.3 | On a busy bot people come back: fewer users than days times users.
analytics.weighted | assumed | 1.4.3 | The mean of the summary is weighted by executions.
analytics.weighted-rates | assumed | 1.4.3 | The rates of the summary are weighted by executions.
analytics.quotients | assumed | 1.4.3 | Rates and means are quotients over ended executions, rounded half-up.
analytics.bounds | assumed | 1.4.3 | No more users or sessions than calls; no calls without a session.
analytics.hours-sum | derived | 1.4.3 | Hours add up to their day: counts, users, sessions, mean and rates.
analytics.adjoining | derived | 1.4.3 | Ranges that adjoin add up to the range of both.
analytics.single-day | derived | 1.4.3 | A range of one day is the same as its row in a longer one, and as its
    summary.
analytics.idempotent | derived | 1.4.7 | The past does not change by being looked at.
analytics.events-calls | derived | 1.5.4 | Calls, users and sessions of each bucket are those of its raw
    events.
analytics.events-messages | derived | 1.5.4 | total_messages is the number of questions and answers sent.
analytics.events-rates | derived | 1.5.4 | Rates are completed by completed and failed executions, rounded
    half-up.
analytics.events-mean | derived | 1.5.4 | The mean is that of duration_ms of ended executions, rounded
    half-up.
analytics.events-summary | derived | 1.5.4 | The summary is computed from the raw events of the range, not
    from rows.
analytics.default-granularity | assumed | 1.4.2 | Without granularity the answer is by day.
analytics.session | documented | 1.4.2 | session_id keeps the executions of that conversation.
analytics.alias | assumed | 1.4.2 | conversation_id is another name of session_id.
analytics.alias-conflict | assumed | 1.4.4 | session_id and conversation_id that differ are 400 with code
    4000.
analytics.user | documented | 1.4.2 | user_id keeps the executions of that user.
analytics.connector | assumed | 1.4.2 | connector_id keeps the executions of that channel.
analytics.together | derived | 1.4.2 | Filters given together must all hold.
analytics.unknown-filter | assumed | 1.4.3 | An unknown session, user or channel gives rows of zeros, no
    error.
analytics.required | assumed | 1.4.4 | start_date and end_date must be given, and not be empty: 400, code
    4000.
analytics.bad-date | assumed | 1.4.4 | A date that is not a real YYYY-MM-DD is 400 with code 4000.
analytics.reversed | assumed | 1.4.4 | end_date before start_date is 400 with code 4000.
analytics.first-date | assumed | 1.4.2 | Dates begin at 2023-01-01.
analytics.longest-days | assumed | 1.4.2 | A range by day has at most 180 days.
analytics.longest-hours | assumed | 1.4.2 | A range by hour has at most 31 days.
analytics.bad-granularity | assumed | 1.4.4 | A granularity other than day and hour, in lower case, is 400,
    code 4000.
analytics.long-filter | assumed | 1.4.2 | Up to 64 characters of session_id and 256 of user_id are accepted,
    not more.
analytics.control-characters | assumed | 1.4.4 | Control characters in a filter are 400 with code 4000.
analytics.bad-connector | assumed | 1.4.2 | A connector_id that is no number is 400 with code 4000.
analytics.bad-bot | derived | 1.4.4 | A bot id that is no number is 400 with code 4000.
analytics.unknown-bot | documented | 1.4.4 | An unknown bot is 404 with code 4200.
analytics.syntax-first | assumed | 1.4.4 | Parameters are looked at before the bot is looked for.

# raw events of a bot
logs.kinds | documented | 1.5.3 | Events are session.started, message.sent, execution.completed,
    execution.failed.
logs.status | assumed | 1.5.3 | Their status is started, sent, success, failed.
logs.unique | derived | 1.5.3 | Event ids are unique, and the same whenever they are asked for.
logs.inside | derived | 1.4.2 | trigger_time lies within the days that were asked for, in Shanghai.
logs.order | assumed | 1.4.5 | Executions come in order of their start.
logs.duration | documented | 1.5.3 | duration_ms stands on executions that have ended, and only there.
logs.times | derived | 1.4.5 | An execution's timestamp is its trigger_time plus duration_ms, both in ms.
logs.role | assumed | 1.5.3 | message.sent, and only it, has a role: user or assistant.
logs.error | assumed | 1.5.3 | execution.failed, and only it, has error_code and error_message.
logs.owner | documented | 1.5.3 | Each event names the bot that was asked about.
logs.execution | derived | 1.5.4 | An execution has one question, ends once at most, and answers if it
    completed.
logs.page | assumed | 1.4.5 | A page has 20 events unless page_size says otherwise, and begins at 1.
logs.pages | derived | 1.4.5 | Pages put together are all events, each once; total is their number.
logs.has-more | derived | 1.4.5 | has_more is true before the last page, and false from it on.
logs.beyond | assumed | 2.6 | A page beyond the last is empty, with the same total.
logs.page-limits | assumed | 1.4.5 | page_size from 1 to 100 and page_num from 1 are accepted, nothing else.
logs.event-type | assumed | 1.4.5 | event_type keeps the kinds it lists, parted by commas.
logs.bad-event-type | assumed | 1.4.5 | An unknown event_type is 400 with code 4000.
logs.status-filter | assumed | 1.4.5 | status keeps the events with that status.
logs.bad-status | assumed | 1.4.5 | An unknown status is 400 with code 4000.
logs.filters | assumed | 1.4.5 | session_id, conversation_id, user_id and connector_id filter events too.
logs.granularity | assumed | 1.4.5 | granularity is ignored.
logs.parameters | assumed | 1.4.5 | Dates and bot are checked as for the analytics.

# what is read around them, and what is refused
bots.same | derived | 3.1.1 | The older and the newer call show the same bot, the one that was asked for.
bots.draft | documented | 3.1.1 | A draft, is_published=false, has version ''.
bots.unknown | documented | 3.1.1 | An unknown bot is 404 with code 4200.
bots.bad-id | derived | 3.1.1 | A bot id that is no number is 400 with code 4000.
bots.required | documented | 3.1 | workspace_id, space_id and bot_id are required where they are: 400, code
    4000.
bots.status | documented | 3.1.3 | publish_status defaults to published_online; another word is 400, code
    4000.
bots.total | derived | 3.1.3 | total counts the bots of all pages; both lists name the same published bots.
bots.order | documented | 3.1.2 | The older list begins with the bot published last.
bots.page-names | derived | 2.6 | page_index and page_num both choose a page of the list.
bots.last-page | derived | 2.6 | has_more is false of a page that is not full: versions, workflows,
    conversations.
bots.beyond | assumed | 2.6 | A page beyond the last is empty, with code 0.
workspaces.pages | documented | 3.8 | page_size goes up to 50; a page beyond the last is empty; total_count
    counts all pages.
workflows.found | derived | 3.7.4 | The list of workflows holds what the details show.
workflows.mode | documented | 3.7.4 | workflow_mode parts workflows from chatflows; another word is 400, code
    4000.
workflows.unknown | documented | 3.7.4 | An unknown workflow is 404 with code 4200.
workflows.required | documented | 3.7.4 | The list needs workspace_id: 400, code 4000.
workflows.no-history | documented | 3.7.6 | An unknown execution has code 4314, never an empty array.
workflows.analytics | documented | 1.4.5 | A workflow has the same analytics: rows, sums, refusals.
workflows.messages | assumed | 1.4.5 | A plain workflow has no messages.
workflows.logs | assumed | 1.4.5 | A workflow's events name it and the execution, and give its figures.
conversations.list-bot | documented | 3.2 | The list of conversations needs a bot: 400, code 4000; an unknown
    one has 4006.
conversations.page-size | documented | 3.2 | page_size of conversations goes up to 50.
conversations.unknown | documented | 3.2 | An unknown conversation has code 4002, wherever it is named.
files.unknown | assumed | 3.10 | An unknown file has an error code, and no data.
variables.unknown | assumed | 3.11 | Nothing was set for an unknown user: items is empty.
variables.owner | documented | 3.11 | connector_uid and one of bot_id and app_id are required: 400, code 4000.
chat.unknown-bot | documented | D-33 | A chat with an unknown bot has code 4006, streamed or not, and is no
    stream.
chat.required | documented | 3.5.1 | A chat needs bot_id and user_id: 400, code 4000.
chat.unknown | documented | 3.5.4 | An unknown chat has code 4001 or, its conversation being unknown too,
    4002.
oauth.open | documented | 2.2 | The token endpoints ask for no bearer token.
oauth.envelope | derived | 2.2.2 | OAuth errors are bare, with error_code, error_message and error alike.
oauth.grant-type | documented | 2.2.2 | An unknown grant_type is unsupported_grant_type, 400; none is
    invalid_request.
oauth.parameter | documented | 2.2.2 | A missing parameter is invalid_request, 400, and is named.
oauth.code | documented | 2.2.2 | A code or refresh token that is no good is refused with 400.
oauth.client | documented | 2.2.2 | A text that is not a JWT is invalid_client, 401.
oauth.authorize | documented | 2.2.2 | The consent page wants client_id, redirect_uri and response_type=code.

# what changes something
conversations.create | documented | 3.2 | A conversation keeps its name and meta_data; an empty body is
    enough.
conversations.listed | documented | 3.2 | A new conversation leads the list of its bot; sort_order=ASC turns
    it round.
conversations.pages | derived | 3.2 | Pages of conversations do not overlap; has_more ends with the last.
conversations.rename | documented | 3.2 | PUT renames a conversation.
conversations.clear | documented | 3.2 | Clearing begins a new section, which the conversation then shows.
conversations.delete | documented | 3.2 | Deleting answers no data; the conversation is gone then (4002).
conversations.limits | documented | 3.2 | A name of 101 characters is 400 with code 4000; 17 pairs of
    meta_data, keys over 64 and values over 512 characters have 4003.
messages.create | documented | 3.3 | An inserted message has bot_id, chat_id and type ''.
messages.list | documented | 3.3 | Messages stand in data, first_id, last_id and has_more beside it; newest
    first.
messages.empty | derived | 3.3 | An empty list has first_id and last_id '' and has_more false.
messages.cursors | documented | 3.3 | after_id goes on behind a message, before_id stops before one; limit
    bounds both.
messages.limits | documented | 3.3 | limit goes from 1 to 50, by default 50; order is asc or desc: else 400,
    code 4000.
messages.modify | documented | 3.3 | Modifying answers the changed message under message, not data.
messages.delete | documented | 3.3 | Deleting answers the message; it is gone then (4005).
messages.invalid | documented | 3.3 | A message without role, content or content_type is 400 with code 4000.
messages.feedback | documented | 3.4 | Feedback on an answer is taken, and taken back, without data.
messages.feedback-question | documented | 3.4 | Feedback on a question has code 4005.
chat.begins | derived | 3.5.3 | A chat without stream is in_progress, in a new conversation if none is named.
chat.completes | documented | 3.5.4 | Looked at, a chat completes: completed_at, and usage that adds up.
chat.both-methods | derived | 3.5.4 | A chat is retrieved by GET and by POST alike.
chat.answer | documented | 3.5.5 | The messages of a chat hold an answer and the verbose end, not the
    question.
chat.remembered | documented | 3.3 | Question and answer of a chat are in its conversation, and nothing
    verbose.
chat.meta-data | documented | 3.5.1 | meta_data of a chat is given back; 17 pairs have code 4003.
chat.second | documented | 3.5.3 | While a chat runs, another one in its conversation has code 4016.
chat.cancel | documented | 3.5.6 | A running chat is canceled; a chat that is over has code 4104.
chat.messages-limit | documented | 3.5.1 | More than 100 messages have code 4004.
chat.history | documented | 3.5.1 | stream=false with auto_save_history=false has code 4007.
chat.counted | derived | 1.5.4 | A chat is in the analytics: one call, two messages, one user, one session
    more.
chat.unfinished | assumed | 1.4.3 | A chat that runs or was canceled is a call with a question, but in no rate
    or mean.
chat.logged | derived | 1.5.4 | Its raw events name chat, conversation and user.
chat.tools | documented | 3.5.7 | A chat that needs tools goes on with what is handed in.
chat.failed | documented | 3.5.3 | A chat that fails says why in last_error, and counts as failed.
stream.type | documented | 2.7 | A stream is 200, text/event-stream, not cached.
stream.lines | derived | 2.7 | An event is one line event: and one line data:, of JSON, and an empty line.
stream.order | documented | 3.5.9 | Events: created, in_progress, deltas, completed messages, completed chat,
    done.
stream.deltas | documented | 3.5.9 | The deltas put together are the answer.
stream.verbose | documented | 3.5.9 | After the last answer comes a verbose message, generate_answer_finish.
stream.done | derived | D-20 | The last event is done, its data the quoted string [DONE], or
    the debug URL of a chatflow.
stream.usage | documented | 3.5.9 | The chat's events hold zero usage at first, and usage that adds up at
    last.
stream.counted | derived | 1.5.4 | A streamed chat is counted like any other.
run.data | documented | 3.7.1 | A run answers its output as a JSON text, beside debug_url and usage.
run.async | documented | 3.7.1 | An asynchronous run answers execute_id and no data; its history has one
    element.
run.owners | documented | 3.7.1 | bot_id and app_id together are 400 with code 4000.
run.unknown | documented | 3.7.1, 3.7.2 | An unknown workflow is 404 with code 4200, streamed an Error event.
run.counted | derived | 1.5.4 | A run is in the workflow's analytics: one call, one session more.
run.stream | documented | 3.7.2 | A streamed run is Message events and Done, numbered from 0.
run.messages | documented | 3.7.2 | node_seq_id is a string that counts each node's messages from 0; the
    last one has node_is_finish.
run.stream-error | documented | 3.7.2 | Wrong parameters end a stream with an Error event, code 4000.
run.interrupt | documented | 3.7.3 | A run that asks ends with Interrupt, and continues with the answer.
run.resume-unknown | assumed | 3.7.3 | Resuming what does not wait has code 4314.
run.chatflow | documented | 3.6 | A chatflow answers with the stream of a chat.
run.no-chatflow | derived | 3.6 | A plain workflow is no chatflow: 404, code 4200.
files.upload | documented | 3.10 | An uploaded file is found again, with its name and size.
files.bad | documented | 3.10 | An empty upload has code 4300, one of several files 4301.
variables.set | documented | 3.11 | What is set is read again, by keywords too; setting answers no data.
bots.made | documented | 3.1.4 | A bot is made as a draft, changed, published, listed, and unpublished.
bots.unpublished | derived | 3.1.1 | A bot that is not published to the API has code 4015, in a chat too.
oauth.device | derived | 2.2.2 | A device code is pending at first, then exchanged for tokens.
oauth.refresh | documented | 2.2.2 | A refresh token works once, and brings the next.
"""

CLAUSES = (*table("coze", _TABLE), *TEAM_CLAUSES)
"""Every clause about Coze."""
