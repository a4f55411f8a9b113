/* Back and Forward between conversations. Left to itself htmx would replace the whole body, and every frame with it;
   instead the parts that the address decides are asked for again, as if the agent had chosen them in the list. */

export default function history(conversation) {
  let search = window.location.search;

  const restore = async (event) => {
    event.preventDefault();
    const { path } = event.detail;
    const list = document.getElementById("conversation-list");
    const isOtherList = window.location.search !== search;
    search = window.location.search;
    await Promise.all([fetchInto(conversation, path, "innerHTML"), isOtherList && fetchInto(list, path, "innerMorph")]);
    if (!conversation.contains(document.activeElement)) conversation.focus({ preventScroll: true });
  };
  const note = () => (search = window.location.search);

  document.addEventListener("htmx:before:history:restore", restore);
  document.addEventListener("htmx:after:history:update", note);
  return () => {
    document.removeEventListener("htmx:before:history:restore", restore);
    document.removeEventListener("htmx:after:history:update", note);
  };
}

/* What cannot be had any more is told by a page of its own, rather than left standing under another address. */
async function fetchInto(region, path, swap) {
  const reload = () => window.location.reload();
  region.addEventListener("htmx:response:error", reload);
  await window.htmx.ajax("GET", path, { source: region, target: region, swap });
  region.removeEventListener("htmx:response:error", reload);
}
