/* Everything that an app may ask for: what does it, imported with the first request; whether it `shows` parts that the desk
   has for apps. What changes a conversation needs to say which: `needsContext`. */

const asking = { from: () => import("./asking.js"), shows: true };
const leaving = { from: () => import("./leaving.js"), shows: true };
const modals = { from: () => import("./modals.js"), shows: true };
const showing = { from: () => import("./showing.js") };
const writing = { from: () => import("./writing.js"), shows: true, needsContext: true };
const read = { from: () => import("./remote.js"), run: "askServer" };
const write = { ...read, needsContext: true };

export const ACTIONS = new Map([
  ["reply.insert", { ...writing, run: "insertReply" }],
  ["note.insert", { ...writing, run: "insertNote" }],
  ["toast", { ...asking, run: "toast" }],
  ["confirm", { ...asking, run: "confirm" }],
  ["modal.open", { ...modals, run: "open" }],
  ["modal.close", { ...modals, run: "close", grant: "modal.open" }],
  ["frame.resize", { ...showing, run: "resize" }],
  ["badge.set", { ...showing, run: "setBadge" }],
  ["navigate", { ...showing, run: "navigate" }],
  ["link.open", { ...leaving, run: "openLink" }],
  ["clipboard.write", { ...leaving, run: "writeClipboard" }],
  ["download", { ...leaving, run: "download" }],
  ["attributes.set", write],
  ["labels.add", write],
  ["labels.remove", write],
  ["status.set", write],
  ["assign", write],
  ["context.get", read],
  ["messages.list", read],
  ["token.get", { from: () => import("./tokens.js"), run: "getToken" }],
  ["state.get", read],
  ["state.set", read],
]);
