import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { readHello } from "../../static/js/lib/bridge.js";
import { readRequest } from "../../static/js/lib/native/request.js";
import { readScore } from "../../static/js/lib/score.js";
import { DeskError } from "../../static/sdk/v1.js";

const page = (name) => readFileSync(new URL(`../../docs/apps/${name}`, import.meta.url), "utf8");
const listings = (name, language) => [...page(name).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, text]) => text);

test("the hello of the reference is one", () => {
  const [hello] = listings("protocol.md", "json").map((text) => JSON.parse(text));
  assert.equal(readHello(hello).nonce, hello.nonce);
});

test("the requests that are shown are read as requests", () => {
  const shown = [...page("protocol.md").matchAll(/`(\{"(?:id|cancel|ack|pong)[^`]*\})`/g)].map(([, text]) => text);
  const asked = [...shown.filter((text) => !text.includes('"ok"')), listings("actions.md", "json")[0]];
  const kinds = asked.map((text) => readRequest(JSON.parse(text)).kind);
  assert.deepEqual(kinds, ["request", "cancel", "ack", "pong", "request"]);
});

test("the score of an attack app is read as one", () => {
  const score = JSON.parse(listings("playground.md", "json")[1]);
  assert.deepEqual(readScore(score), { tried: score.tried, through: score.through });
});

test("what the page about the SDK does with a refusal", async () => {
  const [text] = listings("sdk.md", "js");
  const run = new (async () => {}).constructor("desk", "show", text);
  const shown = [];
  const refuse = (code) => ({ labels: { add: () => Promise.reject(new DeskError({ code, message: code })) } });
  const asked = [];

  await run({ labels: { add: async (params) => asked.push(params) } }, (line) => shown.push(line));
  assert.deepEqual([asked, shown], [[{ labels: ["vip"] }], []]);
  await run(refuse("stale_context"), (line) => shown.push(line));
  assert.equal(shown.length, 1);
  await assert.rejects(run(refuse("busy")), { code: "busy" });
});
