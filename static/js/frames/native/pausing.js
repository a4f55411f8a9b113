/* An app that does not stop shouting is closed, and the agent decides whether to hear it again. */

export function pause(frame, shelf) {
  frame.close();
  frame.show("paused");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = frame.text("resume");
  button.addEventListener("click", () => shelf.reload(frame));
  frame.part("say").append(button);
}
