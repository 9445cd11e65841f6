// A test of a client in Node: `node --test`. The control API does what `m.ask` and `m.scenario` do in Python.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, beforeEach, test } from "node:test";

const PROJECT = "1604d8170cd84440a81281e5a3a04f8b";
const BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02";

let server, url;

before(async () => {
  server = spawn("mockcbs", ["serve", "--port", "0", "--quiet", "--dataset", "empty"], { stdio: ["ignore", "pipe", "inherit"] });
  url = String((await once(server.stdout, "data"))[0]).trim();
});
after(() => server.kill());
beforeEach(() => control("POST", "reset"));

async function control(method, path, body) {
  const response = await fetch(`${url}/_mockcbs/${path}`, { method, body: JSON.stringify(body ?? {}) });
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
}

// The client: it reads one figure, and tries again when the service stumbles.
async function sessions() {
  for (let attempt = 0; attempt < 3; attempt++) {
    const response = await fetch(`${url}/v1/${PROJECT}/qabots/${BOT}/requests/session-stats?interval=day`, {
      headers: { "X-Auth-Token": "any-token" },
    });
    if (response.ok) return (await response.json()).total.session_count;
  }
  throw new Error("no answer in 3 attempts");
}

test("a question is a session", async () => {
  await control("POST", "turns", { bot: BOT, question: "桌面云打不开", user: "u1" });

  assert.equal(await sessions(), 1);
});

test("one failure is outlasted", async () => {
  await control("PUT", "scenario", { scenario: "flaky-once" });

  assert.equal(await sessions(), 0);
  await control("POST", "journal/verify", { pattern: { operation: "cbs.session_stats" }, count: 2 });
});

test("traffic is that of its seed", async () => {
  await control("PUT", "clock", { freeze: "2026-11-22T12:00:00Z" });
  await control("PUT", "dataset", { dataset: "everyday" });
  await control("PUT", "seed", { seed: 7 });
  const first = await sessions();
  await control("PUT", "seed", { seed: 8 });

  assert.notEqual(await sessions(), first);
  await control("PUT", "seed", { seed: 7 });
  assert.equal(await sessions(), first);
});
