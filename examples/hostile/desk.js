/* The few words of the protocol that an attack needs. Apps use the SDK instead. */

const PATIENCE = 1500;

export const within = (time, promise) => Promise.race([promise, new Promise((done) => setTimeout(done, time, null))]);

export function nonce() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* The welcome that answers this hello, or null. `send` may say it in another way, or from another window. */
export function greet(hello, send = (said) => window.parent.postMessage(said, "*"), patience = PATIENCE) {
  const ending = new AbortController();
  const answer = new Promise((done) => {
    const hear = ({ data, ports }) => data?.type === "welcome" && data.nonce === hello.nonce && done({ ...data, port: ports[0] });
    window.addEventListener("message", hear, { signal: ending.signal });
  });
  send(hello);
  return within(patience, answer).finally(() => ending.abort());
}

export const hello = (more = {}) => ({ deskframe: 1, type: "hello", nonce: nonce(), versions: [1], ...more });

/* A talk with the desk: `ask(method, params, ctx)` gives its answer, or null where none comes. */
export async function sayHello() {
  const welcome = await greet(hello(), undefined, 10_000);
  if (!welcome) return null;
  const { port } = welcome;
  const waiting = new Map();
  let count = 0;
  port.onmessage = ({ data }) => (waiting.get(data.id)?.(data), waiting.delete(data.id));
  const send = (letter) => {
    const answer = new Promise((done) => waiting.set(letter.id, done));
    try {
      port.postMessage(letter);
    } catch {
      return null; // the browser itself would not send it
    }
    return within(PATIENCE, answer);
  };
  const ask = (m, p, ctx = welcome.ctx.id) => send({ id: (count += 1), m, p, ctx });
  return { welcome, ask, send, next: () => (count += 1) };
}
