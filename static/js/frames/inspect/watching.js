/* What no host hears: that the frame of the app is in another state, and what a page of another site says from inside it. */

export function watchFrames(drawer) {
  const report = (frame, more) => drawer.take({ app: drawer.app.id, frame, at: performance.now(), direction: "in", verdict: "take", ...more });

  const last = new WeakMap();
  const look = () => {
    for (const frame of drawer.frames()) {
      const { state } = frame.element.dataset;
      const message = frame.part("say").textContent.trim();
      if (last.get(frame) !== state) report(frame, { kind: "state", name: state, id: null, size: 0, message });
      last.set(frame, state);
    }
  };
  drawer.frames().forEach((frame) => last.set(frame, frame.element.dataset.state));
  const states = new MutationObserver(look);
  states.observe(drawer.shelf.element, { attributeFilter: ["data-state"], subtree: true });

  const hear = ({ source, origin, data }) => {
    const frame = drawer.frames().find(({ window }) => window && window === source);
    if (frame && origin !== frame.origin) report(frame, { data, verdict: "origin", message: origin });
  };
  window.addEventListener("message", hear);
  return () => {
    states.disconnect();
    window.removeEventListener("message", hear);
  };
}
