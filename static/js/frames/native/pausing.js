/* An app that does not stop shouting has been closed, and the agent decides whether to hear it again. */

export async function pause(frame, host) {
  await host.prepared();
  if (frame.iframe) return;
  frame.show("paused");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = frame.text("resume");
  button.addEventListener("click", () => host.shelf.reload(frame));
  frame.part("say").append(button);
}
