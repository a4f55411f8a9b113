/* Who else has the open conversation before them: tells the others of somebody here, and shows them in its head. */

const SETTLE = 400; // who leafs through the list looks at nothing for so long
const open = () => document.querySelector("#conversation > [data-key]");
const isSeen = () => document.visibilityState === "visible";

export function lookAround({ user, say }) {
  const ending = new AbortController();
  let told = null; // the number of the conversation that the desk knows of
  let others = "";
  let shown = null; // their element, and the number of the conversation that it belongs to
  let timer = 0;

  function tell() {
    const key = (isSeen() && open()?.dataset.key) || null;
    if (key === told) return;
    told = key;
    say("look", { conversation: key });
  }
  function turn() {
    clearTimeout(timer);
    if (isSeen()) timer = setTimeout(tell, SETTLE);
    else tell();
  }

  /* The head is drawn anew now and then, without them. */
  function place() {
    const state = open()?.querySelector(".conv-head > .state");
    if (!shown || shown.element === state?.previousElementSibling) return;
    if (shown.key === open()?.dataset.key) state.before(shown.element);
    else shown.element.remove();
  }

  async function show(key, ids) {
    const wanted = (others = `${key}:${ids}`);
    const element = ids.length > 0 ? await drawn(ids) : null;
    if (others !== wanted) return;
    shown?.element.remove();
    shown = element && { key, element };
    place();
  }
  const again = () => {
    told = null;
    turn();
  };
  const heard = ({ detail }) => {
    const key = open()?.dataset.key;
    if (String(detail.conversation_id) === key) show(key, detail.users.filter((id) => id !== user));
  };

  const { signal } = ending;
  document.addEventListener("visibilitychange", turn, { signal });
  document.addEventListener("htmx:after:swap", () => (turn(), place()), { signal });
  document.addEventListener("live:again", again, { signal });
  document.addEventListener("cable:conversation.lookers", heard, { signal });
  turn();
  return () => (clearTimeout(timer), shown?.element.remove(), ending.abort());
}

async function drawn(ids) {
  const address = open().querySelector("[data-messages]").dataset.messages.replace(/messages$/, "lookers");
  const response = await fetch(`${address}?users=${ids}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  const html = response?.ok ? await response.text() : "";
  return new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
}
