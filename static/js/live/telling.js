/* Small things that the desk is told beside: nobody waits for an answer, and none is no misfortune. */

export function tellDesk(address, fields = {}) {
  const body = new FormData();
  const said = { csrf_token: document.querySelector("[name=csrf_token]").value, ...fields };
  for (const [name, value] of Object.entries(said)) body.append(name, value);
  fetch(address, { method: "POST", body, headers: { "HX-Request": "true" }, keepalive: true }).catch(() => {});
}
