// Counts down to an instant by the server's clock: the reader's may be wrong, its zone does not
// matter, and hours that a change of summer time skips are never counted.
"use strict";
(() => {
  const DAY = 86400;
  let ahead = null; // the server's time minus this page's own steady clock, in ms

  const two = (number) => String(number).padStart(2, "0");
  const words = (seconds) => {
    const days = Math.floor(seconds / DAY);
    const rest = seconds % DAY;
    const clock = `${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`;
    return days ? `${days} d ${clock}` : clock;
  };
  const show = () => {
    const shown = document.querySelector("[data-until]");
    if (!shown) return;
    if (ahead === null) ahead = Date.parse(shown.dataset.now) - performance.now();
    const left = Math.ceil((Date.parse(shown.dataset.until) - performance.now() - ahead) / 1000);
    shown.textContent = left > 0 ? words(left) : shown.dataset.over;
    shown.classList.toggle("long", left >= DAY);
    shown.classList.toggle("soon", left > 0 && left <= 600);
  };

  // Each answer carries the server's time, so a laptop that has slept is right again.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const date = Date.parse(event.detail.xhr.getResponseHeader("Date") || "");
    if (!Number.isNaN(date)) {
      const now = date - performance.now();
      if (ahead === null || Math.abs(now - ahead) > 1500) ahead = now;
    }
  });
  document.addEventListener("htmx:afterSwap", show);
  setInterval(show, 250);
  show();

  const button = document.getElementById("full-screen");
  if (document.fullscreenEnabled) {
    button.hidden = false;
    button.addEventListener("click", () => document.documentElement.requestFullscreen());
    document.addEventListener("fullscreenchange", () => {
      button.hidden = Boolean(document.fullscreenElement);
    });
  }
})();
