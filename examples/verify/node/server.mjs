/* A dashboard app with a server of its own, which believes nobody but the desk.

   DESK=https://desk.example.com CLIENT_ID=… ORIGIN=https://orders.example.com PORT=8080 node server.mjs */

import { createServer } from "node:http";
import { makeVerifier } from "./verify.mjs";

const { DESK, CLIENT_ID, ORIGIN, PORT = 8080 } = process.env;
const verify = makeVerifier({ desk: DESK, clientId: CLIENT_ID, origin: ORIGIN });
const LARGEST_FORM = 16_384;

/* What the desk opens in its frame: as a form, or with the token in the address. */
async function openApp(request, url) {
  const form = request.method === "POST" ? new URLSearchParams(await bodyOf(request)) : url.searchParams;
  const claims = await verify(form.get("desk_token") ?? "", "launch", { url: url.href });
  const name = escape(claims.agent.email ?? claims.sub);
  return `<!doctype html><html lang="en"><title>Orders</title><p>Opened by <b id="agent">${name}</b></p>`;
}

/* What the app in the frame asks for later, with a context token instead of a cookie. */
async function orders(request) {
  const claims = await verify((request.headers.authorization ?? "").replace(/^Bearer /, ""), "context");
  return JSON.stringify({ customer: claims.contact?.id, orders: [{ number: 7, state: "sent" }] });
}

const ROUTES = { "/": ["text/html; charset=utf-8", openApp], "/orders": ["application/json", orders] };

const server = createServer(async (request, response) => {
  const url = new URL(request.url, ORIGIN);
  const [type, answer] = ROUTES[url.pathname] ?? [];
  response.setHeader("Content-Security-Policy", `frame-ancestors ${DESK}`);
  if (!answer) return response.writeHead(404).end();
  try {
    const body = await answer(request, url);
    return response.writeHead(200, { "Content-Type": type }).end(body);
  } catch (error) {
    console.warn(`refused: ${error.message}`);
    return response.writeHead(403).end("Open this page from your desk.");
  }
});
server.listen(PORT, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));

async function bodyOf(request) {
  let body = "";
  for await (const part of request) {
    body += part;
    if (body.length > LARGEST_FORM) throw new Error("too large");
  }
  return body;
}

function escape(text) {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.codePointAt(0)};`);
}
