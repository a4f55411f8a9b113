// The live connection: ActionCable's protocol, as much of it as a customer needs. It comes back by itself.

const STALE = 8000; // milliseconds without a word; the desk says something every three seconds
const LONGEST_WAIT = 15000;

// `hear(event, data)` gets what the desk tells; `state("online" | "offline")` how the connection is.
export function connect(desk, token, { hear, state }) {
  const address = `${desk.replace(/^http/, "ws")}/cable`;
  const identifier = JSON.stringify({ channel: "RoomChannel", pubsub_token: token });
  let socket, watch, attempts = 0, isOver = false;

  function open() {
    socket = new WebSocket(address, ["actioncable-v1-json"]);
    socket.onmessage = ({ data }) => read(JSON.parse(data));
    socket.onclose = again;
    alive();
  }

  function read(frame) {
    alive();
    if (frame.type === "welcome") send("subscribe");
    else if (frame.type === "confirm_subscription") {
      attempts = 0;
      state("online");
    } else if (frame.type === "reject_subscription") close();
    else if (frame.type === "disconnect" && frame.reconnect === false) close();
    else if (frame.message?.event) hear(frame.message.event, frame.message.data);
  }

  function alive() {
    clearTimeout(watch);
    watch = setTimeout(() => socket.close(), STALE);
  }

  function again() {
    clearTimeout(watch);
    state("offline");
    if (isOver) return;
    const wait = Math.min(LONGEST_WAIT, 500 * 2 ** attempts++) * (0.5 + Math.random());
    setTimeout(open, wait);
  }

  function send(command, more = {}) {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ command, identifier, ...more }));
  }

  function close() {
    isOver = true;
    socket.close();
  }

  open();
  return { close, iAmHere: () => send("message", { data: JSON.stringify({ action: "update_presence" }) }) };
}
