/* Small things that all of the inspector needs: its parts, its texts, numbers as people write them. */

export const within = (element, part) => element.querySelector(`[data-part="${part}"]`);

export function textsOf(element) {
  const texts = JSON.parse(element.dataset.texts);
  return (name, values = {}) => (texts[name] ?? "").replace(/\{(\w+)\}/g, (all, word) => values[word] ?? all);
}

const { lang } = document.documentElement;
const numbers = (unit, digits) => new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "narrow", maximumFractionDigits: digits });
const [bytes, kilobytes, milliseconds] = [numbers("byte", 0), numbers("kilobyte", 1), numbers("millisecond", 1)];
const clock = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 });

export const sizeText = (size) => (size < 1000 ? bytes.format(size) : kilobytes.format(size / 1000));
export const latencyText = (ms) => milliseconds.format(ms);
export const timeText = (at) => clock.format(performance.timeOrigin + at);
