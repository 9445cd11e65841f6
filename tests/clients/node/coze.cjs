// Drives @coze/api against a server: node coze.cjs URL; the last line printed is what it saw, as JSON.
const api = require("@coze/api");
const { CozeAPI, ChatEventType, RoleType } = api;

const [url] = process.argv.slice(2);
const bot = "7342866812345678901";
const workflow = "7389589103588700001";
const space = "7361424235321600001";
const client = new CozeAPI({ token: "pat_mockcbs", baseURL: url });
const question = { role: RoleType.User, content: "桌面云打不开", content_type: "text" };

async function classOf(call) {
  try {
    await call();
  } catch (error) {
    return { class: error.constructor.name, status: error.status, code: error.code, logid: Boolean(error.logid) };
  }
  return { class: "none" };
}

async function main() {
  const seen = {};
  const chat = { bot_id: bot, user_id: "u", additional_messages: [question] };

  const poll = await client.chat.createAndPoll(chat);
  seen.poll = { status: poll.chat.status, types: poll.messages.map((message) => message.type) };

  seen.events = [];
  let text = "";
  for await (const part of client.chat.stream(chat)) {
    if (part.event === ChatEventType.CONVERSATION_MESSAGE_DELTA) text += part.data.content;
    else seen.events.push(part.event);
  }
  seen.text = text;

  const refused = [];
  for await (const part of client.chat.stream({ ...chat, bot_id: "7342866812345678902" })) refused.push(part);
  seen.refused = refused.map((part) => [part.event, part.data.code]);

  const conversation = await client.conversations.create({});
  const message = await client.conversations.messages.create(conversation.id, question);
  const listed = await client.conversations.messages.list(conversation.id);
  seen.messages = listed.data.map((found) => found.id === message.id);
  seen.cleared = (await client.conversations.clear(conversation.id)).conversation_id === conversation.id;

  seen.run = await client.workflows.runs.create({ workflow_id: workflow });
  seen.workflow = [];
  for await (const part of client.workflows.runs.stream({ workflow_id: workflow })) seen.workflow.push(part.event);
  const history = await client.workflows.runs.history(workflow, seen.run.execute_id);
  seen.history = history[0].execute_status;

  seen.bots = (await client.bots.listNew({ workspace_id: space })).items.map((item) => item.id);
  seen.bot = (await client.bots.retrieveNew(bot)).name;
  seen.spaces = (await client.workspaces.list()).workspaces.map((item) => item.id);
  seen.me = (await client.users.me()).user_name;
  const path = (id) => `/v1/bots/${id}/analytics`;
  const range = { start_date: "2025-12-15", end_date: "2025-12-17" };
  seen.analytics = (await client.get(path(bot), range)).data.summary;

  seen.errors = {
    parameter: await classOf(() => client.get(path(bot), {})),
    notFound: await classOf(() => client.get(path("999"), range)),
    foreign: await classOf(() => client.get(path("7342866812345678903"), range)),
    throttled: await classOf(() => client.get(path("0000000000004013"), range)),
    broken: await classOf(() => client.get(path("0000000000005000"), range)),
    token: await classOf(() => new CozeAPI({ token: "expired-token", baseURL: url }).users.me()),
    chatToken: await classOf(() => new CozeAPI({ token: "expired-token", baseURL: url }).chat.create(chat)),
  };
  console.log(JSON.stringify(seen));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
