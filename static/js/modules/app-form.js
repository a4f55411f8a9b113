// Says at once, while an address is typed, what there is to say about it; the server says the same.

import { hasIpv6Host, isBlockedOnHttps, isPersonal } from "../lib/addresses.js";

const WARNINGS = { http: isBlockedOnHttps, ipv6: hasIpv6Host, personal: isPersonal };

export default function appForm(form) {
  const compare = ({ target }) => {
    if (target.name !== "url") return;
    for (const warning of target.closest("li").querySelectorAll("[data-warning]")) {
      warning.hidden = !WARNINGS[warning.dataset.warning](target.value);
    }
  };
  form.addEventListener("input", compare);
  for (const target of form.querySelectorAll("[name=url]")) compare({ target }); // typed before this script was there
  return () => form.removeEventListener("input", compare);
}
