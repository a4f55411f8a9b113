/* Which frames may live. A frame is kept for as long as its key stays the same and there is room. */

export const MOST_LIVE = 10;

/* Every frame that the page may show, by key: an endpoint of an app with the address that it has here, or with what is
   said instead; and, for an app that starts afresh with each conversation, the conversation too. */
export function wantedFrames(apps, conversation) {
  const wanted = new Map();
  apps.forEach((app, position) => {
    const tiedTo = app.reload ? conversation : null;
    app.frames.forEach((frame, index) => {
      const key = JSON.stringify([app.id, index, frame.url || frame.says, tiedTo]);
      wanted.set(key, { ...frame, key, app, position, index, tiedTo });
    });
  });
  return wanted;
}

/* The frames to close so that at most `most` live: hidden ones only, the longest unused first. */
export function surplus(frames, most = MOST_LIVE) {
  const hidden = frames.filter((frame) => !frame.isShown).sort((a, b) => a.usedAt - b.usedAt);
  return hidden.slice(0, Math.max(0, frames.length - most));
}

/* Whether a frame may be told about this conversation: one that is tied to another must never be. */
export function mayHear(frame, conversation) {
  return frame.tiedTo === null || frame.tiedTo === conversation;
}

/* What browsers take for safe without a certificate: this machine itself. */
const LOCAL = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

/* Why a frame must not be made, or null. The server pinned `origin`; where the browser reads the URL differently,
   one of the two is being deceived. */
export function mountProblem({ url, origin }, { ownOrigin, listed }) {
  if (!URL.canParse(url)) return "differs";
  const read = new URL(url);
  if (!/^https?:$/.test(read.protocol) || read.origin !== origin || read.username || read.password) return "differs";
  if (origin === ownOrigin) return "own";
  if (ownOrigin.startsWith("https:") && read.protocol === "http:" && !LOCAL.test(read.hostname)) return "insecure";
  return listed.has(origin) ? null : "unlisted";
}
