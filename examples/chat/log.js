// What was said, drawn anew where something changed. Whatever comes from the desk is put in as text, never as HTML.

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

export function draw(log, messages, seenAt, { retry, choose }) {
  const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const order = messages.sort((one, other) => (one.id ?? Infinity) - (other.id ?? Infinity) || one.created_at - other.created_at);
  const mine = order.filter(({ message_type }) => message_type === 0);
  const drawn = new Map([...log.children].map((element) => [element.dataset.key, element]));
  log.replaceChildren(...order.map((message) => {
    const state = stateOf(message, message === mine.at(-1) && seenAt >= message.created_at);
    const key = String(message.id ?? message.echo_id);
    const version = JSON.stringify([message.content, state, message.attachments?.length, message.content_attributes?.submitted_values]);
    const known = drawn.get(key);
    return known?.dataset.version === version ? known : element(message, state, key, version, { retry, choose });
  }));
  if (isAtEnd) log.scrollTop = log.scrollHeight;
}

function stateOf(message, isSeen) {
  if (message.failed) return "Not sent";
  if (message.pending) return "Sending…";
  return isSeen ? "Seen" : "";
}

function element(message, state, key, version, { retry, choose }) {
  const article = document.createElement("article");
  article.className = "message";
  Object.assign(article.dataset, { key, version });
  article.toggleAttribute("data-mine", message.message_type === 0);
  article.toggleAttribute("data-pending", Boolean(message.pending));
  article.toggleAttribute("data-failed", Boolean(message.failed));
  if (message.content) {
    const bubble = made("div", "bubble", "");
    bubble.append(...pieces(message.content));
    article.append(bubble);
  }
  for (const file of message.attachments ?? []) article.append(attachment(file));
  for (const file of message.attachments ? [] : (message.files ?? [])) article.append(made("div", "bubble", file.name));
  if (message.content_type === "input_select") article.append(choices(message, choose));
  if (message.content_type === "cards") article.append(...message.content_attributes.items.map(card));
  const who = message.message_type === 0 ? "" : message.sender?.name;
  const when = clock.format(new Date(message.created_at * 1000));
  article.append(made("small", "", [who, when, state].filter(Boolean).join(" · ")));
  if (message.failed) {
    const again = made("button", "again", "Send again");
    again.addEventListener("click", () => retry(message.content, message.files, message.echo_id));
    article.append(again);
  }
  return article;
}

// The little of Markdown that a line of chat needs: what is bold, and where a link leads.
function pieces(text) {
  return text.split(/(\*\*[^*\n]+\*\*|https?:\/\/[^\s<>()]+[^\s<>().,!?])/).filter(Boolean).map((piece) => {
    if (/^\*\*.+\*\*$/.test(piece)) return made("strong", "", piece.slice(2, -2));
    if (!/^https?:\/\//.test(piece)) return piece;
    return link(piece, piece);
  });
}

function link(text, href) {
  return Object.assign(made("a", "", text), { href, target: "_blank", rel: "noopener nofollow" });
}

function card({ title, description, actions }) {
  const section = made("section", "card", "");
  section.append(made("strong", "", title ?? ""), made("p", "", description ?? ""));
  const links = actions.filter(({ type, uri }) => type === "link" && /^https?:\/\//.test(uri));
  section.append(...links.map(({ text, uri }) => link(text, uri)));
  return section;
}

function choices({ id, content_attributes: { items, submitted_values: chosen } }, choose) {
  const list = made("div", "choices", "");
  list.append(...items.map(({ title, value }) => {
    const button = made("button", "", title);
    button.setAttribute("aria-pressed", String([chosen].flat().some((each) => each?.value === value)));
    button.disabled = Boolean(chosen);
    button.addEventListener("click", () => choose(id, [{ title, value }]));
    return button;
  }));
  return list;
}

function attachment(file) {
  const link = made("a", "bubble", "");
  link.href = file.data_url;
  link.target = "_blank";
  link.rel = "noopener";
  const name = decodeURIComponent(new URL(file.data_url).pathname.split("/").at(-1));
  if (file.thumb_url) link.append(Object.assign(document.createElement("img"), { src: file.thumb_url, alt: name }));
  else link.textContent = name;
  return link;
}

function made(tag, name, text) {
  return Object.assign(document.createElement(tag), { className: name, textContent: text });
}
