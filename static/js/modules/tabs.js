// A strip of tabs: one panel in sight, arrow keys between the tabs, Enter or Space to choose.
// With data-remember the choice outlives a swap and a reload.

function panelOf(tab) {
  const id = tab.getAttribute("aria-controls");
  return id ? document.getElementById(id) : document.querySelector(`[data-panel="${tab.dataset.tab}"]`);
}

const nameOf = (tab) => (tab.dataset.appTab ? `app-${tab.dataset.appTab}` : tab.dataset.tab);

export default function tabs(strip) {
  const every = () => [...strip.querySelectorAll("[role=tab]")];
  const all = () => every().filter((tab) => !tab.hidden);
  const memory = strip.dataset.remember && `tab:${strip.dataset.remember}`;
  let shown = null;

  function choose(tab) {
    if (tab === shown) return;
    shown = tab;
    for (const each of every()) {
      const panel = panelOf(each);
      each.setAttribute("aria-selected", String(each === tab));
      each.tabIndex = each === tab ? 0 : -1;
      if (panel) panel.hidden = each !== tab;
    }
    tab.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  strip.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (!tab) return;
    if (memory) sessionStorage.setItem(memory, nameOf(tab));
    choose(tab);
  });
  strip.addEventListener("keydown", (event) => {
    const list = all();
    const here = list.indexOf(event.target.closest("[role=tab]"));
    const onward = strip.matches(":dir(rtl)") ? -1 : 1;
    const next = { ArrowRight: here + onward, ArrowLeft: here - onward, Home: 0, End: list.length - 1 }[event.key];
    if (here < 0 || next === undefined) return;
    event.preventDefault();
    list[(next + list.length) % list.length].focus();
  });

  /* What was chosen last, as long as it is there. */
  function pick() {
    const remembered = memory && sessionStorage.getItem(memory);
    const tabs = all();
    const tab = tabs.find((each) => nameOf(each) === remembered) ?? tabs.find((each) => each.getAttribute("aria-selected") === "true") ?? tabs[0];
    if (tab) choose(tab);
  }
  strip.addEventListener("tabs:changed", pick);
  pick();
}
