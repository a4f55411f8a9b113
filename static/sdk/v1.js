/* The SDK for apps in a Deskframe desk, version 1. One module, no dependencies: docs/apps/sdk.md says how to use it.
   Where the page stands in a desk that speaks Chatwoot's protocol, the context comes by that. */

const FETCH_INFO = "chatwoot-dashboard-app:fetch-info";
const PATIENCE = 600; // milliseconds without an answer to the hello, until Chatwoot's way is tried too
const AGAIN = [3000, 8000];
const SPARE = 20; // seconds before the end of a token in which it is no longer handed out
const ABOUT_CONVERSATION = "reply.insert note.insert attributes.set labels.add labels.remove status.set assign".split(" ");
const OTHER = "toast confirm modal.open modal.close frame.resize badge.set navigate link.open clipboard.write download messages.list";
const PARTS = ["conversation", "contact", "currentAgent", "customAttributes"];

/** What the desk refuses: `code` is one of those in the protocol's reference. */
export class DeskError extends Error {
  constructor({ code, message, retry_after }) {
    super(message);
    Object.assign(this, { name: "DeskError", code, retryAfter: retry_after });
  }
}

/** Resolves when the desk has told the first context. */
export function connect({ host = [], name = "app", version = "0", fallback = true } = {}) {
  if (window.parent === window) return Promise.reject(refused("unsupported", "This page stands in no desk."));
  return new Promise((resolve) => {
    const desk = new Desk([host].flat(), fallback, resolve);
    desk.greet({ name, version });
  });
}

class Desk {
  #port = null;
  #hosts;
  #fallback;
  #resolve;
  #waiting = new Map();
  #listeners = Object.fromEntries(["context", "env", "visibility", "settings", "resize", "token", "teardown"].map((kind) => [kind, new Set()]));
  #token = null;
  #nonce = base64(crypto.getRandomValues(new Uint8Array(18)));
  #last = 0;
  #held = null;

  constructor(hosts, fallback, resolve) {
    this.#hosts = hosts;
    this.#fallback = fallback;
    this.#resolve = resolve;
    this.mode = null;
    this.hostOrigin = null;
    this.context = null;
    this.env = {};
    this.isVisible = true;
    for (const method of [...ABOUT_CONVERSATION, ...OTHER.split(" ")]) add(this, method.split("."), (params) => this.request(method, params));
    this.state = {
      get: async () => (await this.request("state.get")).value,
      set: (value) => this.request("state.set", { value }),
    };
    window.addEventListener("message", (event) => this.#hear(event));
  }

  greet(sdk) {
    const hello = () => this.#port || window.parent.postMessage({ deskframe: 1, type: "hello", nonce: this.#nonce, versions: [1], sdk }, "*");
    hello();
    for (const time of AGAIN) setTimeout(hello, time);
    if (this.#fallback) setTimeout(() => this.#tryChatwoot(), PATIENCE);
  }

  get theme() {
    return this.env.theme ?? "light";
  }

  /** Calls `listen(context, {reason, changed})` now, if there is a context, and each time that it has changed. */
  onContext(listen) {
    if (this.context) listen(this.context, { reason: "initial", changed: [] });
    return this.#on("context", listen);
  }

  onEnv(listen) {
    return this.#on("env", listen);
  }

  onVisibility(listen) {
    return this.#on("visibility", listen);
  }

  /** Calls `listen({app, granted})` when an administrator has changed what this app is called or may do. */
  onSettings(listen) {
    return this.#on("settings", listen);
  }

  /** Calls `listen({width, height})` when the frame has more room or less. */
  onResize(listen) {
    return this.#on("resize", listen);
  }

  /** Calls `listen(token)` with each token that follows one which is about to end: for a page that stays open long. */
  onToken(listen) {
    return this.#on("token", listen);
  }

  /** The desk waits half a second for what `listen` promises. */
  onTeardown(listen) {
    return this.#on("teardown", listen);
  }

  /** The context as it is now, asked for anew where that is allowed. */
  async requestContext() {
    if (this.#port) return this.#may("context.get") ? (await this.request("context.get")).value : this.context;
    return new Promise((resolve) => {
      const stop = this.#on("context", (context) => (stop(), resolve(context)));
      window.parent.postMessage(FETCH_INFO, this.hostOrigin ?? "*");
    });
  }

  /** A signed token for your server: the last one, or a new one if that has less than twenty seconds left. */
  async token() {
    const kept = this.#token;
    if (kept && (await kept).expires_at - SPARE <= Date.now() / 1000 && this.#token === kept) this.#token = null;
    this.#token ??= this.request("token.get").catch((error) => {
      this.#token = null;
      throw error;
    });
    return (await this.#token).token;
  }

  /** Any method by its name. `signal` takes the question back. */
  request(method, params = {}, { signal } = {}) {
    if (!this.#port) return Promise.reject(refused("unsupported", `This desk does not know ${method}.`));
    const id = (this.#last += 1);
    const ctx = ABOUT_CONVERSATION.includes(method) ? { ctx: this.ctx } : {};
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#port.postMessage({ id, m: method, p: params, ...ctx });
      signal?.addEventListener("abort", () => {
        if (!this.#waiting.delete(id)) return;
        this.#port.postMessage({ cancel: id });
        reject(signal.reason);
      });
    });
  }

  #may(action) {
    return this.granted?.actions.includes(action);
  }

  #on(kind, listen) {
    this.#listeners[kind].add(listen);
    return () => this.#listeners[kind].delete(listen);
  }

  #tell(kind, ...about) {
    return [...this.#listeners[kind]].map((listen) => listen(...about));
  }

  /* Any window may post here. Only the one that frames this page is the desk, and only while it is of one origin. */
  #hear(event) {
    const { data, origin, ports, source } = event;
    if (source !== window.parent || (this.hostOrigin && origin !== this.hostOrigin)) return;
    if (this.#hosts.length > 0 && !this.#hosts.includes(origin)) return;
    if (data?.deskframe === 1 && data.type === "welcome" && data.nonce === this.#nonce && ports.length === 1) this.#welcome(data, origin, ports[0]);
    else if (!this.#port && this.#fallback) this.#hold(data, origin);
  }

  #welcome({ session, host, app, granted, env, ctx }, origin, port) {
    this.#port?.close();
    for (const { reject } of this.#waiting.values()) reject(refused("timeout", "The desk has begun a new session."));
    this.#waiting.clear();
    this.#port = port;
    this.#token = null;
    Object.assign(this, { mode: "native", hostOrigin: origin, session, host, app, granted, env });
    port.onmessage = ({ data }) => this.#take(data);
    this.#know(ctx.data, { ctx: ctx.id, reason: ctx.reason, changed: [] });
  }

  #take(said) {
    if (said.ping !== undefined) this.#port.postMessage({ pong: said.ping });
    else if (said.ev !== undefined) this.#happen(said);
    else if (this.#waiting.has(said.id)) {
      const { resolve, reject } = this.#waiting.get(said.id);
      this.#waiting.delete(said.id);
      if (said.ok) resolve(said.r);
      else reject(new DeskError(said.e));
    }
  }

  #happen(said) {
    if (said.ev === "context.changed") this.#know(said.data, said);
    if (said.ev === "env.changed") this.#tell("env", (this.env = said.env));
    if (said.ev === "visibility") this.#tell("visibility", (this.isVisible = said.visible));
    if (said.ev === "settings.changed") this.#settle(said);
    if (said.ev === "frame.resized") this.#tell("resize", (this.env = { ...this.env, viewport: said.viewport }).viewport);
    if (said.ev === "token.expiring") this.#renew();
    if (said.ev === "teardown") Promise.allSettled(this.#tell("teardown")).then(() => this.#port.postMessage({ ack: "teardown" }));
  }

  #settle({ app, granted }) {
    Object.assign(this, { app, granted });
    this.#tell("settings", { app, granted });
  }

  /* The next one is asked for now if somebody waits for it, and otherwise when it is needed. */
  #renew() {
    this.#token = null;
    if (this.#listeners.token.size > 0) this.token().then((token) => this.#tell("token", token), () => {});
  }

  #know(context, { ctx, reason, changed }) {
    if (ctx !== this.ctx) this.#token = null; // a token is about one conversation
    Object.assign(this, { ctx, context });
    this.#resolve(this);
    this.#tell("context", context, { reason, changed });
  }

  /* Contexts of Chatwoot's protocol are kept until it is clear that the desk has no better. */
  #hold(said, origin) {
    const data = readLetter(said);
    if (!data) return;
    this.#held = { data, origin };
    if (this.mode === "chatwoot") this.#useHeld();
  }

  #tryChatwoot() {
    if (this.#port) return;
    this.mode = "chatwoot";
    if (this.#held) this.#useHeld();
    else window.parent.postMessage(FETCH_INFO, "*");
  }

  #useHeld() {
    const { data, origin } = this.#held;
    const theme = data.theme === "dark" ? "dark" : "light";
    const isNew = theme !== this.env.theme;
    this.hostOrigin = origin;
    this.env = { ...this.env, theme };
    if (isNew && this.context) this.#tell("env", this.env);
    const reason = data.conversation?.id === this.context?.conversation.id ? "update" : "conversation";
    this.#know(Object.fromEntries(PARTS.map((part) => [part, data[part] ?? {}])), { reason: this.context ? reason : "initial", changed: [] });
  }
}

function readLetter(said) {
  try {
    const letter = typeof said === "string" ? JSON.parse(said) : said;
    return letter?.event === "appContext" && typeof letter.data === "object" ? letter.data : null;
  } catch {
    return null;
  }
}

function add(desk, [first, second], run) {
  if (second) (desk[first] ??= {})[second] = run;
  else desk[first] = run;
}

function refused(code, message) {
  return new DeskError({ code, message });
}

function base64(bytes) {
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_");
}
