/* Everything that an app may ask for. What changes a conversation needs to say which: `needsContext`. */

import * as asking from "./asking.js";
import * as leaving from "./leaving.js";
import * as modals from "./modals.js";
import * as showing from "./showing.js";
import { askServer } from "./remote.js";
import { insert } from "./writing.js";

const read = { run: askServer };
const write = { run: askServer, needsContext: true };

export const ACTIONS = new Map([
  ["reply.insert", { run: insert("reply"), needsContext: true }],
  ["note.insert", { run: insert("note"), needsContext: true }],
  ["toast", { run: asking.toast }],
  ["confirm", { run: asking.confirm }],
  ["modal.open", { run: modals.open }],
  ["modal.close", { run: modals.close, grant: "modal.open" }],
  ["frame.resize", { run: showing.resize }],
  ["badge.set", { run: showing.setBadge }],
  ["navigate", { run: showing.navigate }],
  ["link.open", { run: leaving.openLink }],
  ["clipboard.write", { run: leaving.writeClipboard }],
  ["download", { run: leaving.download }],
  ["attributes.set", write],
  ["labels.add", write],
  ["labels.remove", write],
  ["status.set", write],
  ["assign", write],
  ["context.get", read],
  ["messages.list", read],
  ["token.get", read],
  ["state.get", read],
  ["state.set", read],
]);
