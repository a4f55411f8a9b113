/* Tells an app how much room it has, when that has changed and it is seen: once while an edge is being drawn. */

const TRAILING = 100;

export class Size {
  constructor(session) {
    Object.assign(this, { session, timer: null });
  }

  note() {
    this.timer ??= setTimeout(() => this.look(), TRAILING);
  }

  look() {
    clearTimeout(this.timer);
    this.timer = null;
    const { session } = this;
    if (!session.isVisible || session.isSame()) return;
    const { clientWidth: width, clientHeight: height } = session.frame.iframe;
    session.env = { ...session.env, viewport: { width, height } };
    session.tell("frame.resized", { viewport: { width, height } });
  }

  end() {
    clearTimeout(this.timer);
  }
}
