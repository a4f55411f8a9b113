/* How the agent's page looks, so that an app can look alike. */

import { theme } from "../page.js";

export function envOf({ iframe }) {
  const { lang, dir } = document.documentElement;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return {
    theme: theme(),
    locale: lang,
    dir: dir || "ltr",
    time_zone: timeZone,
    reduced_motion: window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    viewport: { width: iframe.clientWidth, height: iframe.clientHeight },
  };
}
