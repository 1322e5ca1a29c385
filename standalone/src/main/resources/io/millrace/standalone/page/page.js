// Shows what the tracker does; a page of yours needs nothing of this.
const QUEUE = 'millrace.queue.';
const SHOWN = ['entityId', 'revenueCents', 'utmSource', 'utmCampaign', 'properties'];
const rows = new Map();

function show(event) {
  const row = document.getElementById('events').insertRow(0);
  const said = SHOWN.filter((name) => event[name] !== undefined && JSON.stringify(event[name]) !== '{}');
  row.insertCell().textContent = new Date(event.timestamp).toLocaleTimeString();
  row.insertCell().textContent = event.eventType;
  row.insertCell().textContent = said.map((name) => `${name}: ${JSON.stringify(event[name])}`).join(', ');
  row.insertCell().textContent = 'waits';
  rows.set(event.eventId, row.lastChild);
  document.getElementById('visitor').textContent = event.visitorId;
}

/** An event leaves the browser's queue when the gateway has answered for it. */
function refresh() {
  const waiting = Object.keys(localStorage).filter((key) => key.startsWith(QUEUE)).join();
  for (const [id, cell] of rows) {
    if (cell.textContent === 'waits' && !waiting.includes(id)) {
      cell.textContent = cell.className = 'stored';
    }
  }
}

millrace.on('event', show);
millrace.on('refused', ({ event, message }) => {
  const cell = rows.get(JSON.parse(event).eventId);
  cell.className = 'refused';
  cell.textContent = message;
});
Object.keys(localStorage) // what happened before this script was there
  .filter((key) => key.startsWith(QUEUE))
  .map((key) => JSON.parse(localStorage[key]))
  .sort((a, b) => a.timestamp - b.timestamp)
  .forEach(show);
setInterval(refresh, 200);

document.getElementById('buy').onclick = () =>
  millrace.track('purchase', { orderId: `o-${Date.now()}` }, { revenueCents: 6440, currency: 'EUR' });
document.getElementById('fail').onclick = () => {
  throw new Error('A visitor broke something');
};
document.getElementById('newsletter').onsubmit = (submit) => submit.preventDefault();
for (const link of document.querySelectorAll('nav a[href="/about"], nav a[href="/"]')) {
  link.onclick = (click) => {
    click.preventDefault();
    document.title = `${link.textContent} · A shop that Millrace watches`;
    history.pushState({}, '', link.href);
  };
}
