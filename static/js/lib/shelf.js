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
