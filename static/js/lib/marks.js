/* Markdown's marks around what is selected, or before its lines; a second time takes them away again. Each answer is
   the stretch to replace, what to put there, and what is selected then. */

const AROUND = { bold: "**", italic: "*", strike: "~~", code: "`" };
const BEFORE = { list: "- ", quote: "> " };

export function marked(text, start, end, mark) {
  if (mark === "link") return link(text, start, end);
  return BEFORE[mark] ? lines(text, start, end, BEFORE[mark]) : around(text, start, end, AROUND[mark]);
}

function around(text, start, end, sign) {
  const inside = text.slice(start, end);
  const size = sign.length;
  if (text.slice(start - size, start) === sign && text.slice(end, end + size) === sign) {
    return { from: start - size, to: end + size, text: inside, start: start - size, end: end - size };
  }
  return { from: start, to: end, text: sign + inside + sign, start: start + size, end: end + size };
}

function lines(text, start, end, sign) {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const rows = text.slice(from, end).split("\n");
  const isMarked = rows.every((row) => row.startsWith(sign));
  const changed = rows.map((row) => (isMarked ? row.slice(sign.length) : sign + row)).join("\n");
  const last = from + changed.length;
  return { from, to: end, text: changed, start: start === end ? last : from, end: last };
}

function link(text, start, end) {
  const inside = text.slice(start, end);
  const isAddress = /^https?:\/\/\S+$/.test(inside);
  const made = isAddress ? `[](${inside})` : `[${inside}](https://)`;
  const caret = isAddress ? start + 1 : start + made.length - 1;
  return { from: start, to: end, text: made, start: caret, end: caret };
}
