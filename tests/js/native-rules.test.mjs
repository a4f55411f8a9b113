import assert from "node:assert/strict";
import test from "node:test";

import { Budget, LIMITS } from "../../static/js/lib/native/budget.js";
import { changed } from "../../static/js/lib/native/changes.js";
import { factsOf } from "../../static/js/lib/bridge.js";
import { reminderIn } from "../../static/js/lib/native/expiry.js";
import { outsideLink, ownLink } from "../../static/js/lib/native/links.js";
import { badge, block, destination, fileName, height, line } from "../../static/js/lib/native/values.js";

const spend = (budget, count, now) => Array.from({ length: count }, () => budget.spend(now));
const refused = (code) => (error) => error.code === code;

test("a burst of forty is heard, and twenty a second after it", () => {
  const budget = new Budget(0);
  assert.deepEqual(new Set(spend(budget, LIMITS.burst, 0)), new Set(["take"]));
  assert.equal(budget.spend(0), "refuse");
  assert.deepEqual(new Set(spend(budget, LIMITS.perSecond, 1000)), new Set(["take"]));
  assert.equal(budget.spend(1000), "refuse");
  assert.ok(budget.wait > 0);
});

test("three bursts too many in a minute mute for ten seconds", () => {
  const budget = new Budget(0);
  spend(budget, LIMITS.burst, 0);
  assert.equal(budget.spend(0), "refuse");
  assert.deepEqual(spend(budget, 100, 1).at(-1), "refuse", "one burst is one strike");
  spend(budget, LIMITS.perSecond, 1000);
  assert.equal(budget.spend(1000), "refuse");
  spend(budget, LIMITS.perSecond, 2000);
  assert.equal(budget.spend(2000), "muted");
  assert.equal(budget.spend(11_999), "muted");
  assert.equal(budget.spend(12_000), "take");
});

test("strikes are forgotten after a minute", () => {
  const budget = new Budget(0);
  for (const now of [0, 61_000, 122_000, 183_000]) assert.equal(spend(budget, LIMITS.burst + 1, now).at(-1), "refuse");
});

test("whoever was muted three times is paused, and so is whoever shouts on while nobody listens", () => {
  const patient = new Budget(0);
  let [last, now] = ["", 0];
  for (; last !== "paused"; now += 500) last = spend(patient, 30, now).at(-1);
  assert.equal(patient.mutes, 3);
  assert.equal(patient.spend(now + 1e9), "paused");

  const loud = new Budget(0);
  const heard = [];
  for (now = 0; now < 5000; now += 0.1) heard.push(loud.spend(now));
  assert.equal(heard.at(-1), "paused");
  assert.equal(heard.filter((word) => word === "take").length < 60, true);
});

test("what changed is told two steps deep", () => {
  const before = factsOf({ conversation: { id: 1, status: "open", labels: [] }, contact: { id: 9 }, theme: "dark" });
  const after = factsOf({ conversation: { id: 1, status: "resolved", labels: ["x"] }, contact: { id: 9, email: "m@x" } });
  assert.deepEqual(changed(before, before), []);
  assert.deepEqual(changed(before, after), ["conversation.status", "conversation.labels", "contact.email"]);
  assert.deepEqual(changed(before, factsOf({ ...before, customAttributes: [1] })), ["customAttributes"]);
  assert.ok(!("theme" in before));
});

test("links lead out of the desk and run nothing in it", () => {
  assert.deepEqual(outsideLink("https://shop.example:8443/a?b#c"), { url: "https://shop.example:8443/a?b#c", host: "shop.example:8443" });
  assert.equal(outsideLink("mailto:maria@example.com").host, "maria@example.com");
  assert.equal(outsideLink("tel:+15555550101").url, "tel:+15555550101");
  const refusals = [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "java\nscript:x", "data:text/html,x",
    "blob:https://app.example/1", "file:///etc/passwd", "vbscript:x", "about:blank", "//evil.example", "https:evil", "https:/evil.example",
    "https:///evil.example", "https://a@evil.example/", "https://shop.example@evil.example", "https://a:b@evil.example", "https://evil\t.example",
    "https://evil.example/\n", "https:\\\\evil.example", "/accounts/1", "shop.example", "", "x".repeat(3000), 5, null, {}, ["https://a.example"],
  ];
  for (const text of refusals) assert.equal(outsideLink(text), null, String(text).slice(0, 40));
});

test("a modal shows a page of the app's own origin", () => {
  const frame = { url: "https://app.example/orders/", origin: "https://app.example" };
  assert.equal(ownLink("refund?id=1", frame), "https://app.example/orders/refund?id=1");
  assert.equal(ownLink("/refund", frame), "https://app.example/refund");
  for (const text of ["https://evil.example/", "//evil.example", "javascript:1", "data:,x", "blob:https://app.example/1", "http://app.example/",
    "https://app.example:8443/", "https://u:p@app.example/", "https://app.example\\@evil.example", 5]) {
    assert.equal(ownLink(text, frame), null, String(text));
  }
});

test("a badge is a small number", () => {
  assert.deepEqual([null, 0, 1, 99, 100, 1e9].map(badge), ["", "", "1", "99", "99+", "99+"]);
  for (const value of [-1, 1.5, NaN, Infinity, "3", undefined, {}]) assert.throws(() => badge(value), refused("invalid"));
});

test("a height is a number within bounds", () => {
  assert.deepEqual([-1, 0, 300.4, 1e9].map(height), [120, 120, 300, 2000]);
  for (const value of [NaN, Infinity, "100px;position:fixed", null, undefined]) assert.throws(() => height(value), refused("invalid"));
});

test("text is text: nothing that turns or hides it, not more of it than there is room for", () => {
  assert.equal(line("<b>pay\u202e now</b>\nplease", 50), "<b>pay now</b> please");
  assert.equal(line("x".repeat(1_000_000), 10), `${"x".repeat(9)}…`);
  assert.equal(block("one\r\ntwo\u202e\u0007\tthree\u2028four", 50), "one\ntwo\tthree\nfour");
  assert.throws(() => block("x".repeat(51), 50), refused("too_large"));
  for (const value of ["", "  ", "\u202e", 5, null, undefined]) {
    assert.throws(() => line(value, 10), refused("invalid"));
    assert.throws(() => block(value, 10), refused("invalid"));
  }
});

test("a file's name is no path", () => {
  assert.equal(fileName("../../etc/passwd"), "-..-etc-passwd");
  assert.equal(fileName("orders.csv"), "orders.csv");
  assert.equal(fileName(".."), "download");
});

test("inside the desk an app leads by numbers only", () => {
  assert.deepEqual(destination({ conversation: 12 }), { what: "conversation", id: 12 });
  for (const params of [{}, { conversation: "12" }, { conversation: -1 }, { conversation: 1.5 }, { url: 3 }, { contact: 1, inbox: 2 }, { __proto__: 1 }]) {
    assert.throws(() => destination(params), refused("invalid"));
  }
});

test("an app is reminded twenty seconds before its token ends, and never all the time", () => {
  assert.equal(reminderIn(1120, 1000), 100_000);
  assert.equal(reminderIn(1080, 1000), 60_000);
  assert.equal(reminderIn(900, 1000), 30_000);
  assert.equal(reminderIn(9000, 1000), 100_000);
});
