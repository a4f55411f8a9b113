// Customer orders: a dashboard app. The desk says who the customer is; this page shows what they bought.
import { clean, customerOf, readContext } from "./desk.js";
import { lateBy, money, shortDate, totals } from "./orders.js";

const ASK = "chatwoot-dashboard-app:fetch-info";
const FIRST_SHOWN = 5;

const app = document.getElementById("app");
const isFramed = window.parent !== window;
let shown = null; // whom the page is about
let turn = 0; // counts the customers, so that a slow answer for the last one is not shown for the next

const copy = (id) => document.getElementById(id).content.cloneNode(true);
const show = (...parts) => app.replaceChildren(...parts);

// --- the desk ---------------------------------------------------------------------------------------------------

window.addEventListener("message", (event) => {
  // Anybody may post to this window. Only the page that frames it is the desk.
  if (!isFramed || event.source !== window.parent) return;
  const context = readContext(event.data);
  if (!context) return;
  stopAsking();
  document.documentElement.dataset.theme = context.theme;
  const customer = customerOf(context);
  if (shown?.key !== customer.key) open(customer);
});

// The desk may have spoken before this page listened, so ask until it has been heard.
let asking = 0;
function startAsking() {
  const ask = () => window.parent.postMessage(ASK, "*"); // a question holds no data, so anyone may read it
  ask();
  asking = setInterval(ask, 1000);
}
function stopAsking() {
  clearInterval(asking);
}

// --- the orders -------------------------------------------------------------------------------------------------

async function open(customer) {
  const mine = (turn += 1);
  shown = customer;
  if (!customer.isKnown) return show(message("No conversation is open", "Open one to see the customer’s orders."));
  if (!customer.email) {
    return show(header(customer), message("No e-mail address", "Orders are found by e-mail, and this contact has none yet."));
  }
  try {
    const found = await findOrders(customer.email);
    if (mine === turn) draw(customer, found);
  } catch {
    const again = () => open(customer);
    if (mine === turn) show(header(customer), message("Orders cannot be loaded", "The shop did not answer.", again));
  }
  return undefined;
}

// A real app would ask its own backend here, with its own sign-in; this one has a file.
async function findOrders(email) {
  const response = await fetch("orders.json");
  if (!response.ok) throw new Error(`orders.json: ${response.status}`);
  const { currency, customers } = await response.json();
  const key = email.trim().toLowerCase();
  return { currency, ...(Object.hasOwn(customers, key) ? customers[key] : { since: null, orders: [] }) };
}

// --- the page ---------------------------------------------------------------------------------------------------

function draw(customer, { currency, since, orders }) {
  if (orders.length === 0) {
    return show(header(customer), message("No orders yet", `Nobody has ordered with ${customer.email}.`));
  }
  const parts = copy("orders");
  for (const [name, value] of Object.entries(totals(orders))) {
    parts.querySelector(`[data-total="${name}"]`).textContent = name === "spent" ? money(value, currency) : value;
  }
  const list = parts.getElementById("list");
  const more = parts.getElementById("more");
  const rows = orders.map((order) => orderRow(order, currency));
  list.append(...rows.slice(0, FIRST_SHOWN));
  more.hidden = rows.length <= FIRST_SHOWN;
  more.textContent = `Show all ${rows.length} orders`;
  more.addEventListener("click", () => {
    list.append(...rows.slice(FIRST_SHOWN));
    more.remove();
    rows[FIRST_SHOWN].querySelector("summary").focus();
  });
  return show(header(customer, since), parts);
}

function header({ name, email }, since) {
  const part = copy("customer");
  part.querySelector(".initials").textContent = name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("").toUpperCase();
  part.querySelector("h1").textContent = name;
  part.querySelector("small").textContent = [email, since && `customer since ${since}`].filter(Boolean).join(" · ");
  return part;
}

function orderRow(order, currency) {
  const part = copy("order");
  const put = (selector, text) => (part.querySelector(selector).textContent = text);
  const days = lateBy(order);
  put(".name", `${order.number} · ${order.title}`);
  put(".price", money(order.total, currency));
  put(".when", [`${order.last_step} ${shortDate(order.days_ago)}`, order.carrier, order.tracking].filter(Boolean).join(" · "));
  put(".status", days ? `${days} ${days === 1 ? "day" : "days"} late` : order.status);
  part.querySelector(".status").classList.toggle("late", days > 0);
  part.querySelector("ul").append(...order.items.map((item) => itemLine(item, currency)));
  return part.firstElementChild;
}

function itemLine({ name, quantity, price }, currency) {
  const line = document.createElement("li");
  const [what, cost] = [document.createElement("span"), document.createElement("span")];
  what.textContent = `${quantity} × ${name}`;
  cost.textContent = money(quantity * price, currency);
  line.append(what, cost);
  return line;
}

function message(title, text, again) {
  const part = copy("message");
  part.querySelector("h2").textContent = title;
  part.querySelector("p").textContent = text;
  if (again) {
    part.querySelector("button").hidden = false;
    part.querySelector("button").addEventListener("click", again);
  }
  return part;
}

// --- alone, for whoever develops it -----------------------------------------------------------------------------

async function standAlone() {
  const sample = clean(new URLSearchParams(window.location.search).get("sample"));
  if (sample) {
    const name = sample.split("@")[0].split(/[._]/).map((word) => word[0].toUpperCase() + word.slice(1)).join(" ");
    return open({ key: sample, name, email: sample, isKnown: true });
  }
  show(copy("alone"));
  const { customers } = await (await fetch("orders.json")).json();
  const links = Object.keys(customers).map((email) => {
    const link = document.createElement("a");
    link.href = `?${new URLSearchParams({ sample: email })}`;
    link.textContent = email;
    const line = document.createElement("li");
    line.append(link);
    return line;
  });
  return document.getElementById("samples").append(...links);
}

if (isFramed) {
  show(copy("waiting"));
  startAsking();
} else {
  standAlone();
}
