// Buttons that copy a field. Without them the field can be selected by hand.
"use strict";
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // The clipboard is only for https and localhost; the old way works elsewhere.
      document.execCommand("copy");
    }
    button.textContent = "Copied";
  });
}
