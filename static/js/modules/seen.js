// Says that a conversation was seen: when it stands on a page in front of somebody, not in a tab behind others.

export default function seen(mark) {
  const tell = () => {
    if (document.visibilityState === "visible") window.htmx.trigger(mark, "seen", {}, false);
  };
  document.addEventListener("visibilitychange", tell);
  tell();
  return () => document.removeEventListener("visibilitychange", tell);
}
