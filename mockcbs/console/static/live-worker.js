// One stream of hints for all tabs of the browser.
const tabs = new Set();
let source;
let last;

function listen() {
  source = new EventSource("/_mockcbs/console/events");
  source.onmessage = (event) => tell({ hint: last = JSON.parse(event.data) });
  source.onopen = () => tell({ open: true });
  source.onerror = () => {
    tell({ open: false });
    if (source.readyState === EventSource.CLOSED) { source = undefined; setTimeout(() => { if (tabs.size && !source) listen(); }, 2000); }
  };
}

function tell(message) { for (const tab of tabs) tab.postMessage(message); }

onconnect = ({ ports: [tab] }) => {
  tabs.add(tab);
  tab.onmessage = ({ data }) => {
    if (data !== "leave") return;
    tabs.delete(tab);
    if (!tabs.size && source) { source.close(); source = undefined; }
  };
  if (!source) listen();
  else if (last) tab.postMessage({ hint: last, open: source.readyState === EventSource.OPEN });
};
