/* What was typed and not sent, kept under one key for each conversation. Nothing typed is nothing kept. */

export function write(content, kind) {
  return content.trim() ? JSON.stringify({ content, kind }) : null;
}

export function read(text) {
  try {
    const { content, kind } = JSON.parse(text) ?? {};
    return typeof content === "string" ? { content, kind: kind === "note" ? "note" : "reply" } : null;
  } catch {
    return null;
  }
}
