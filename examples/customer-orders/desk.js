// What a support desk says to an app in a frame, whichever desk it is.

// Chatwoot and its kin post a JSON string, Ndoto an object; a desk that cannot tell posts both, one after the other.
export function readContext(said) {
  const letter = typeof said === "string" ? parse(said) : said;
  if (letter?.event !== "appContext" || typeof letter.data !== "object" || letter.data === null) return null;
  const { conversation, contact, theme } = letter.data;
  return { conversation: conversation ?? {}, contact: contact ?? {}, theme: theme === "dark" ? "dark" : "light" };
}

// The customer, from wherever this desk puts them. Any of it may be missing or null.
export function customerOf({ conversation, contact }) {
  const places = [contact, conversation.contact, conversation.meta?.sender].filter(Boolean);
  const find = (field) => places.map((place) => clean(place[field])).find(Boolean) ?? "";
  const id = places.map((place) => place.id).find(Boolean) ?? null;
  const [name, email] = [find("name"), find("email")];
  return { key: JSON.stringify([id, name, email]), isKnown: id !== null || email !== "", name: name || email || "Unknown", email };
}

export function clean(text) {
  return typeof text === "string" ? text.trim() : "";
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
