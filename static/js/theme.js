// Runs before the first paint, so that the chosen theme never flashes the other one.
"use strict";
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("plenum-theme");
  } catch {
    // Storage is closed to us: the system's preference serves.
  }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
