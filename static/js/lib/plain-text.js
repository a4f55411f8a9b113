/* Text from strangers, made fit to stand on one line of ours: no line breaks, no invisible or direction-turning
   characters that could make it look like something else, no halves of characters, and not longer than `longest`. */
const INVISIBLE = /[\p{Cc}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+/gu;
const HALVES = /\p{Surrogate}/gu;

export function plainText(text, longest) {
  const near = text.slice(0, longest * 4).replace(HALVES, "\ufffd");
  const line = near.replace(INVISIBLE, " ").replace(/\s+/g, " ").trim();
  const characters = Array.from(line);
  return characters.length > longest ? `${characters.slice(0, longest - 1).join("").trimEnd()}…` : line;
}

/* The same for text of several lines: their breaks and tabs stay, all else that cannot be seen goes. */
export function plainBlock(text) {
  const lines = text.replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n").replace(HALVES, "\ufffd");
  return lines.replace(INVISIBLE, (run) => run.replace(/[^\n\t]/g, ""));
}
