// Keeps the place in a log while its page renews itself; who reads its end stays at its end.
"use strict";
(() => {
  const places = new Map();
  const SLACK = 8;

  document.addEventListener("htmx:beforeSwap", () => {
    for (const log of document.querySelectorAll("pre[id]")) {
      const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - SLACK;
      places.set(log.id, atEnd ? null : log.scrollTop);
    }
  });
  document.addEventListener("htmx:afterSettle", () => {
    for (const log of document.querySelectorAll("pre[id]")) {
      if (!places.has(log.id)) continue;
      const place = places.get(log.id);
      log.scrollTop = place === null ? log.scrollHeight : place;
    }
  });
})();
