// Hints from the server that something has changed; a page reads anew what it shows.
const listeners = new Set();
const watchers = new Set();
let latest;
let connected;

/** Call *listener* with every hint: {calls, mode, ahead, scenario, data}. */
export function onHint(listener) { listeners.add(listener); if (latest) listener(latest); }

/** Call *watcher* with whether the server is there. */
export function onConnection(watcher) { watchers.add(watcher); if (connected !== undefined) watcher(connected); }

function take({ hint, open }) {
  if (open !== undefined) { connected = open; watchers.forEach((watcher) => watcher(open)); }
  if (hint) { latest = hint; listeners.forEach((listener) => listener(hint)); }
}

/** Do *work* some time after the last call that came in. */
export function afterCalls(work) {
  let timer;
  let last;
  onHint((hint) => {
    if (last !== undefined && hint.calls !== last) { clearTimeout(timer); timer = setTimeout(work, 600); }
    last = hint.calls;
  });
}

export function connect() {
  const script = new URL("./live-worker.js", import.meta.url);
  if (typeof SharedWorker === "function") {
    const { port } = new SharedWorker(script, "mockcbs");
    port.onmessage = ({ data }) => take(data);
    port.start();
    addEventListener("pagehide", () => port.postMessage("leave"));
    addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
    return;
  }
  const source = new EventSource("/_mockcbs/console/events");
  source.onmessage = (event) => take({ hint: JSON.parse(event.data) });
  source.onopen = () => take({ open: true });
  source.onerror = () => take({ open: false });
}
