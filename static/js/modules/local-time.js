// Keeps "2m" true while the page stands open. Dates are the server's; only the first week moves.

const STEPS = [["minute", 60, 60], ["hour", 3600, 24], ["day", 86400, 7]];

export default function localTime(page) {
  const locale = document.documentElement.lang;

  function say(time) {
    const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
    if (seconds < 60) return page.dataset.now;
    for (const [unit, length, limit] of STEPS) {
      const count = Math.floor(seconds / length);
      if (count < limit) return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "narrow" }).format(count);
    }
    return time.textContent;
  }

  const timer = setInterval(() => {
    for (const time of document.querySelectorAll("time[data-ago]")) {
      const text = say(time);
      if (text !== time.textContent) time.textContent = text;
    }
  }, 30_000);
  return () => clearInterval(timer);
}
