/* In the page: when each seat's row was drawn in a new state, and how long the main thread was held up. */
(() => {
  const drawn = [];
  const shown = new Map();
  const blocked = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) blocked.push(duration);
  }).observe({ type: 'longtask', buffered: false });
  /* After the frame in which it stands has been handed over to be drawn. */
  const look = () => {
    const changed = [];
    for (const row of document.querySelectorAll('[data-testid^="seat-1"]')) {
      const [state] = /is-\S+/.exec(row.querySelector('.seat-badge')?.className ?? '') ?? [];
      const id = row.dataset.testid.split('-').at(-1);
      if (!state || shown.get(id) === state) continue;
      shown.set(id, state);
      changed.push({ id, state: state.slice(3) });
    }
    if (changed.length === 0) return;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        const at = performance.timeOrigin + performance.now();
        for (const one of changed) drawn.push({ ...one, at });
      };
      port2.postMessage(0);
    });
  };
  let due = false;
  const soon = () => {
    if (due) return;
    due = true;
    queueMicrotask(() => {
      due = false;
      look();
    });
  };
  addEventListener('DOMContentLoaded', () =>
    new MutationObserver(soon).observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ['class'],
    }),
  );
  window.benchVisible = () =>
    [...document.querySelectorAll('[data-testid^="seat-1"]')]
      .filter((row) => {
        const { top, bottom, width } = row.getBoundingClientRect();
        return width > 0 && top >= 0 && bottom <= innerHeight;
      })
      .map((row) => row.dataset.testid.split('-').at(-1));
  window.benchTaken = () => ({ drawn: drawn.splice(0), blocked: blocked.splice(0) });
})();
