// Asks how something stands, again and again, while the page says that it is worth it and somebody looks at it.

export default function refresh(part) {
  let timer;

  function wait() {
    timer = setTimeout(look, Number(part.dataset.seconds) * 1000);
  }

  function look() {
    clearTimeout(timer);
    if (!part.dataset.seconds) return; // it stands as it will stay
    if (document.visibilityState === "visible") window.htmx.trigger(part, "look", {}, false);
    wait();
  }

  const seen = () => document.visibilityState === "visible" && look();

  document.addEventListener("visibilitychange", seen);
  wait();
  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", seen);
  };
}
