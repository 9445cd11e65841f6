// Calls every public method of @coze/api: node sweep.cjs URL; the last line printed is, by method, what came back.
const fs = require("node:fs");
const { CozeAPI } = require("@coze/api");

const [url] = process.argv.slice(2);
const bot = "7342866812345678901";
const workflow = "7389589103588700001";
const space = "7361424235321600001";
const some = "7439828073344200001";
const question = { role: "user", content: "桌面云打不开", content_type: "text" };
const pages = { page_num: 1, page_size: 20 };

fs.writeFileSync("upload.txt", "text");
const upload = () => fs.createReadStream("upload.txt");
let last = null;
const client = new CozeAPI({ token: "pat_mockcbs", baseURL: url });
const makeRequest = client.makeRequest.bind(client);
client.makeRequest = (path, method, ...rest) => {
  last = { method: method.toUpperCase(), path: path.split("?")[0] };
  return makeRequest(path, method, ...rest);
};

// The methods of a client and of the clients it holds, by path.
function* methods(resource, path) {
  for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(resource))) {
    if (name !== "constructor" && !name.startsWith("_") && typeof resource[name] === "function") {
      yield [path + name, resource, name];
    }
  }
  for (const [name, held] of Object.entries(resource)) {
    if (held && typeof held === "object" && held._client && name !== "_client") yield* methods(held, `${path}${name}.`);
  }
}

// What one call needs to exist before it.
async function stage(path, names) {
  const needsTools = path === "chat.submitToolOutputs";
  const asked = needsTools ? { ...question, content: "mockcbs:tool" } : question;
  let chat = await client.chat.create({ bot_id: bot, user_id: "u", additional_messages: [asked] });
  if (needsTools) chat = await client.chat.retrieve(chat.conversation_id, chat.id);
  const conversation = needsTools || path === "chat.cancel" ? chat : await client.conversations.create({});
  const conversation_id = conversation.conversation_id ?? conversation.id;
  const message = path.includes("messages.") ? await client.conversations.messages.create(conversation_id, question) : {};
  const run = await client.workflows.runs.create({ workflow_id: workflow, is_async: true });
  let event_id = "";
  if (path.endsWith("runs.resume")) {
    for await (const part of client.workflows.runs.stream({ workflow_id: workflow, parameters: { mockcbs: "ask" } })) {
      event_id = part.data.interrupt_data?.event_id ?? event_id;
    }
  }
  const calls = chat.required_action?.submit_tool_outputs?.tool_calls ?? [];
  const inChat = ["chat.retrieve", "chat.cancel", "chat.messages.list", "chat.history", "chat.submitToolOutputs"];
  const one = {
    bot_id: bot, botId: bot, workflow_id: path.includes("workflows.chat") ? "7389589103588700009" : workflow,
    workflowId: workflow, user_id: "u", connector_uid: "u", workspace_id: space, space_id: space, name: "some name",
    additional_messages: [question], connector_ids: ["1024"], ...question, text: "text", ...pages, parameters: {},
    conversation_id: inChat.includes(path) ? chat.conversation_id : conversation_id, chat_id: chat.id,
    message_id: message.id, execute_id: run.execute_id, executeId: run.execute_id, event_id, interrupt_type: 2,
    resume_data: "x", data: [{ keyword: "k", value: "v" }], templateId: some, dataset_id: some, datasetId: some,
    documentId: some, document_ids: [some], document_id: some, groupId: some, featureId: some, liveId: some,
    tool_outputs: calls.map((call) => ({ tool_call_id: call.id, output: "sunny" })), stream: true,
    file: upload(), feedback_type: "like",
  };
  if (names.includes("file_id")) one.file_id = (await client.files.upload({ file: upload() })).id;
  if (!path.endsWith("submitToolOutputs")) delete one.stream;
  return one;
}

async function consume(result) {
  const found = await result;
  if (found && typeof found[Symbol.asyncIterator] === "function") for await (const part of found) void part;
}

async function main() {
  const seen = {};
  for (const [path, resource, name] of methods(client, "")) {
    if (!path.includes(".")) continue; // those of the client itself send whatever they are given
    if (path.startsWith("websockets.")) {
      seen[path] = { outcome: "websocket" };
      continue;
    }
    const names = resource[name].toString().match(/\(([^)]*)\)/)[1].split(",").map((text) => text.trim().split(/[ =]/)[0]);
    try {
      const given = await stage(path, names);
      const values = names.filter((one) => one && one !== "options").map((one) => (one in given ? given[one] : given));
      await consume(resource[name](...values));
      seen[path] = { outcome: "served", ...last };
    } catch (error) {
      seen[path] = { outcome: "failed", ...last, code: error.code, said: String(error.message ?? error).slice(0, 300) };
    }
  }
  console.log(JSON.stringify(seen));
}

main();
