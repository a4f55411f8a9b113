// Hello: a small app on the SDK. It shows whom the agent sees, drafts a reply, adds a label, sets an attribute, and keeps
// what the agent notes here.

const DESK = "http://127.0.0.1:5000"; // your desk: its SDK runs in this page, so take it from no other
const OTHERS = []; // other desks that may frame this page: a Chatwoot, for instance

const $ = (id) => document.getElementById(id);
const say = (text) => ($("said").textContent = text);

const { connect } = await import(`${DESK}/sdk/v1.js`);
const desk = await connect({ host: [DESK, ...OTHERS], name: "hello", version: "1" });

desk.onContext(({ conversation, contact }) => {
  $("customer").textContent = contact.name ?? "No conversation is open";
  $("about").textContent = conversation.id ? `Conversation ${conversation.id}, ${conversation.status}` : "";
});

const look = () => (document.documentElement.dataset.theme = desk.theme);
desk.onEnv(look);
look();

// Each of these may be refused: because an administrator has not granted it, or because the agent may not.
function on(id, ask, done) {
  $(id).addEventListener("click", () => ask().then(() => say(done), (error) => say(error.message)));
}

on("reply", () => desk.reply.insert({ text: `Hello ${desk.context.contact.name}, ` }), "It is in your draft.");
on("label", () => desk.labels.add({ labels: ["vip"] }), "Labelled.");
on("plan", () => desk.attributes.set({ of: "contact", values: { plan: "gold" } }), "Saved.");

if (desk.granted?.actions.includes("state.set")) {
  $("own").value = (await desk.state.get()) ?? "";
  $("own").addEventListener("change", () => desk.state.set($("own").value).then(() => say("Kept.")));
} else {
  $("own").disabled = true;
}
