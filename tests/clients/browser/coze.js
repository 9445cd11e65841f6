// A page's use of @coze/api: chat, stream, cancel. The test bundles it for the browser and reads window.seen.
import { ChatEventType, CozeAPI, RoleType } from "@coze/api";

const bot = "7342866812345678901";
const chat = {
  bot_id: bot,
  user_id: "u",
  additional_messages: [{ role: RoleType.User, content: "桌面云打不开", content_type: "text" }],
};

// What a chat of its own gives: the answer, and how its stream ends.
async function stream(client) {
  const events = [];
  let text = "";
  for await (const part of client.chat.stream(chat)) {
    events.push(part.event);
    if (part.event === ChatEventType.CONVERSATION_MESSAGE_DELTA) text += part.data.content;
  }
  return { first: events[0], end: events.slice(-2), text };
}

// Cancels a stream at its first word, and reads it to its end.
async function cancel(client) {
  const events = [];
  let status, ids;
  for await (const part of client.chat.stream(chat)) {
    events.push(part.event);
    if (part.event === ChatEventType.CONVERSATION_MESSAGE_DELTA && !ids) {
      ids = [part.data.conversation_id, part.data.chat_id];
      status = (await client.chat.cancel(...ids)).status;
    }
  }
  const after = (await client.chat.retrieve(...ids)).status;
  return { status, after, end: events.at(-1), completed: events.includes("conversation.chat.completed") };
}

async function upload(client) {
  const file = new File(["image"], "a.png", { type: "image/png" });
  return (await client.files.upload({ file })).bytes;
}

async function refusal(client) {
  try {
    await client.bots.retrieve({ bot_id: "0000000000004200" });
  } catch (error) {
    return { name: error.constructor.name, code: error.code, status: error.status };
  }
}

window.drive = async (baseURL) => {
  const client = new CozeAPI({ token: "pat_page", baseURL, allowPersonalAccessTokenInBrowser: true });
  return {
    poll: (await client.chat.createAndPoll(chat)).chat.status,
    stream: await stream(client),
    cancel: await cancel(client),
    upload: await upload(client),
    refusal: await refusal(client),
    run: (await client.workflows.runs.create({ workflow_id: "7389589103588700001" })).data,
  };
};
