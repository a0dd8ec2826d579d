// Takes a one-time key out of the address and posts it with the form: a fragment
// is never sent to a server by itself, and must not stay in the history.
"use strict";
(() => {
  const form = document.querySelector("[data-key-form]");
  const field = form.elements.namedItem("key");
  const key = location.hash.slice(1);
  if (key) {
    field.value = key;
    history.replaceState(null, "", location.pathname);
  }
  form.querySelector("[data-no-key]").hidden = Boolean(field.value);
  if (key && "sendAtOnce" in form.dataset) form.requestSubmit();
})();
