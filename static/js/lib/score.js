/* What a hostile app says of itself: `{type: "deskframe.score", tried, through: [names]}`. Whatever else it says is null. */

import { plainText } from "./plain-text.js";

const MOST = 500;
const LONGEST = 120;

export function readScore(said) {
  if (typeof said !== "object" || said === null || said.type !== "deskframe.score") return null;
  const { tried, through } = said;
  if (!Number.isInteger(tried) || tried < 1 || tried > MOST) return null;
  if (!Array.isArray(through) || through.length > tried || through.some((name) => typeof name !== "string")) return null;
  return { tried, through: through.map((name) => plainText(name, LONGEST)) };
}
