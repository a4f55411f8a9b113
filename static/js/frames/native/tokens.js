/* A token lasts two minutes. Whoever was given one hears shortly before that it ends, or when it is seen again. */

import { askServer } from "./remote.js";
import { reminderIn } from "../../lib/native/expiry.js";

export async function getToken(params, about) {
  const told = await askServer(params, about);
  about.session.talk((talk) => (talk.reminder ??= new Reminder(about.session)).set(told.expires_at));
  return told;
}

class Reminder {
  constructor(session) {
    Object.assign(this, { session, timer: null, due: null });
  }

  set(expiresAt) {
    clearTimeout(this.timer);
    this.due = null;
    this.timer = setTimeout(() => ((this.due = expiresAt), this.look()), reminderIn(expiresAt, Date.now() / 1000));
  }

  look() {
    if (this.due === null || !this.session.isVisible) return;
    this.session.tell("token.expiring", { expires_at: this.due });
    this.due = null;
  }

  end() {
    clearTimeout(this.timer);
  }
}
