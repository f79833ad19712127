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

  const check = () => {
    const chosen = file.files[0];
    const tooLarge = Boolean(chosen) && chosen.size > limit;
    error.textContent = tooLarge
      ? `The file has ${(chosen.size / 1024 / 1024).toFixed(1)} MB; at most ${form.dataset.limitMb} MB are accepted.`
      : "";
    file.classList.toggle("is-invalid", tooLarge);
    button.disabled = tooLarge;
    button.textContent = words;
  };

  file.addEventListener("change", check);
  form.addEventListener("submit", () => {
    button.disabled = true;
    button.textContent = button.dataset.busy;
  });
  // Also when the browser brings the page back from its memory: it must not stay busy.
  window.addEventListener("pageshow", check);
})();
