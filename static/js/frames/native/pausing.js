/* An app that does not stop shouting, or taking the focus, has been closed; the agent decides whether to open it again. */

export async function pause(frame, host, why = "paused") {
  await host.prepared();
  if (frame.iframe) return;
  frame.show("paused");
  frame.part("say").textContent = frame.text(why);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = frame.text("resume");
  button.addEventListener("click", () => host.shelf.reload(frame));
  frame.part("say").append(button);
}
