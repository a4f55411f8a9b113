/* An app has one frame for each endpoint, so of two open places only one can show it. The other says so. */

export function markElsewhere(places, texts) {
  const seen = places.seen();
  for (const slot of places.visible()) {
    const isHere = seen.get(Number(slot.dataset.appSlot)) === slot;
    if (isHere) slot.replaceChildren();
    else if (!slot.firstElementChild) slot.append(note(texts, () => places.prefer(slot)));
  }
}

function note(texts, bring) {
  const words = document.createElement("p");
  words.textContent = texts.elsewhere;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = texts.bring;
  button.addEventListener("click", bring);
  const box = document.createElement("div");
  box.className = "app-elsewhere";
  box.append(words, button);
  return box;
}
