// Says at once that a file is too large, and that an upload is on its way.
"use strict";
(() => {
  const form = document.getElementById("submit-form");
  if (!form) return;
  const file = document.getElementById("id_file");
  const error = document.getElementById("id_file_error");
  const button = form.querySelector("button");
  const words = button.textContent;
  const limit = Number(form.dataset.limitMb) * 1024 * 1024;

  file.addEventListener("change", () => {
    const chosen = file.files[0];
    const tooLarge = Boolean(chosen) && chosen.size > limit;
    error.textContent = tooLarge
      ? `The file has ${(chosen.size / 1024 / 1024).toFixed(1)} MB; at most ${form.dataset.limitMb} MB are accepted.`
      : "";
    file.classList.toggle("is-invalid", tooLarge);
    button.disabled = tooLarge;
  });
  form.addEventListener("submit", () => {
    button.disabled = true;
    button.textContent = button.dataset.busy;
  });
  // A page that the browser brings back from its memory must not stay busy.
  window.addEventListener("pageshow", () => {
    button.disabled = false;
    button.textContent = words;
  });
})();
