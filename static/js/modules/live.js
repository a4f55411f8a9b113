// The page's one connection to the desk. What is heard there becomes `cable:<event>` on the document; `live:again`
// says that nothing was heard for a while, `live:ended` that nothing will be any more.

import { createConsumer } from "../../vendor/actioncable-8.0.200.esm.js";

const PRESENT_EVERY = 20_000;
const PATIENCE = 4000; // before a word is said of a connection that is lost
const TRIES = [400, 1500, 3500]; // sooner than the client would by itself; each page a little later than another

export default function live(state) {
  const account = Number(state.dataset.account);
  const user = Number(state.dataset.user);
  const consumer = createConsumer("/cable");
  let timers = [];
  let presence = 0;
  let wasConnected = false;
  let company = null; // the way to see colleagues, once there is a connection

  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
  const later = (wait, act) => timers.push(setTimeout(act, wait));

  function calm() {
    timers.forEach(clearTimeout);
    clearInterval(presence);
    timers = [];
  }

  const room = consumer.subscriptions.create(
    { channel: "RoomChannel", account_id: account, user_id: user },
    {
      connected() {
        calm();
        state.textContent = "";
        state.dataset.connected = "";
        presence = setInterval(() => room.perform("update_presence"), PRESENT_EVERY);
        tell("live:again", { isFirst: !wasConnected });
        company ??= import("../live/looking.js").then(({ lookAround }) => lookAround({ user, say: (...words) => room.perform(...words) }));
        wasConnected = true;
      },
      disconnected({ willAttemptReconnect }) {
        calm();
        delete state.dataset.connected;
        if (!willAttemptReconnect) return wasConnected && tell("live:ended");
        later(PATIENCE, () => (state.textContent = state.dataset.lost));
        for (const wait of TRIES) later(wait * (1 + Math.random()), () => consumer.connection.open());
      },
      rejected() {
        calm();
        if (wasConnected) tell("live:ended");
      },
      received({ event, data }) {
        if (data.account_id === account) tell(`cable:${event}`, data);
      },
    },
  );
  const leave = () => consumer.disconnect();
  const back = ({ persisted }) => persisted && consumer.connect();

  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", back);
  return () => {
    calm();
    leave();
    company?.then((end) => end());
    window.removeEventListener("pagehide", leave);
    window.removeEventListener("pageshow", back);
  };
}
