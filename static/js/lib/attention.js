/* Whose attention something wants. No DOM. */

/* A customer who is not kept out has written where it is mine to answer, or nobody's yet, no bot answers, and I am
   not looking at it. */
export function isForMe(message, { user, open, isLooking }) {
  const { assignee_id: assignee } = message.conversation;
  if (message.message_type !== 0 || message.private || message.sender?.blocked || message.is_with_bot) return false;
  if (assignee !== null && assignee !== user) return false;
  return !(isLooking && message.conversation_id === open);
}

/* Somebody waits there to be read by me, or by anybody. */
export function waitsForMe({ meta, unread_count: unread, is_with_bot: isWithBot }, user) {
  if (isWithBot || unread === 0) return false;
  return !meta.assignee || meta.assignee_type === "AgentBot" || meta.assignee.id === user;
}

/* The conversations that bots are known to have. */
export class WithBots {
  constructor() {
    this.ids = new Set();
  }

  /* Whether a bot had it until now, and people are to go on. */
  leaves({ id, status, is_with_bot: isWithBot }) {
    if (isWithBot) this.ids.add(id);
    return !isWithBot && this.ids.delete(id) && status === "open";
  }
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
