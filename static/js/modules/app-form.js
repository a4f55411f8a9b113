// Says at once, while an address is typed, that browsers would block it; the server says the same.

import { isBlockedOnHttps } from "../lib/addresses.js";

export default function appForm(form) {
  const compare = ({ target }) => {
    if (target.name !== "url") return;
    target.closest("li").querySelector("[data-warning]").hidden = !isBlockedOnHttps(target.value);
  };
  form.addEventListener("input", compare);
  return () => form.removeEventListener("input", compare);
}
