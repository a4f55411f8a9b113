// The thread hangs from its end by itself; what one has just written is brought into sight. Deleting asks first.

export default function thread(region) {
  region.closest(".conversation").addEventListener("composer:sent", () => region.scrollTo({ top: 0 }));
  region.addEventListener("click", ({ target }) => {
    const message = target.closest("[data-message]")?.dataset.message;
    if (message) window.htmx.ajax("GET", `${region.dataset.messages}/${message}/deletion`, { source: region, target: "#dialog" });
  });
}
