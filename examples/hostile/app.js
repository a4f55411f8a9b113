/* Does what no app should get away with, and counts what got through. It needs no grant: give it none. */

import { sayHello } from "./desk.js";
import { againstThePage } from "./page.js";
import { againstThePort } from "./port.js";
import { flood } from "./port.js";
import { againstTheHello } from "./hello.js";

const card = document.getElementById("card");
let tried = 0;
const through = [];

async function attempt([name, act]) {
  const line = document.createElement("li");
  line.textContent = name;
  card.append(line);
  tried += 1;
  const gotThrough = await Promise.resolve().then(act).catch(() => false); // what throws was stopped
  line.toggleAttribute("data-through", Boolean(gotThrough));
  if (gotThrough) through.push(name);
}

for (const each of againstThePage) await attempt(each);
for (const each of againstTheHello) await attempt(each);
const talk = await sayHello();
if (talk) for (const each of againstThePort(talk)) await attempt(each);
document.getElementById("score").textContent = `${through.length} of ${tried} got through`;
window.parent.postMessage({ type: "deskframe.score", tried, through }, "*"); // the desk's playground shows it

const button = document.getElementById("flood");
button.hidden = !talk;
button.addEventListener("click", () => flood(talk));
