/* Whose attention something wants. No DOM. */

/* A customer who is not kept out has written where it is mine to answer, or nobody's yet, and I am not looking at it. */
export function isForMe(message, { user, open, isLooking }) {
  const { assignee_id: assignee } = message.conversation;
  if (message.message_type !== 0 || message.private || message.sender?.blocked) return false;
  if (assignee !== null && assignee !== user) return false;
  return !(isLooking && message.conversation_id === open);
}

/* Conversations in which somebody waits to be read. */
export class Unread {
  constructor(ids = []) {
    this.ids = new Set(ids);
  }

  get count() {
    return this.ids.size;
  }

  note(id, isUnread) {
    if (isUnread) this.ids.add(id);
    else this.ids.delete(id);
  }
}

export function counted(title, count) {
  const bare = title.replace(/^\(\d+\) /, "");
  return count > 0 ? `(${count}) ${bare}` : bare;
}
