/** Entry of the server-rendered pages: their styles, the theme switch, and charts when there are any. */
import "./styles.css";
import { showChart, type ChartSpec } from "./ui/plotly";
import { nextTheme, themeChoice } from "./ui/theme";

const WORDS = { system: "Theme: system", light: "Theme: light", dark: "Theme: dark" } as const;

for (const button of document.querySelectorAll<HTMLElement>("[data-theme-switch]")) {
  button.addEventListener("click", nextTheme);
  themeChoice.subscribe((choice) => {
    button.textContent = WORDS[choice];
    button.setAttribute("aria-label", `${WORDS[choice]}; switch to the next`);
  });
}

// On a phone the tabs are a strip that scrolls: the page's own is brought into it.
const tab = document.querySelector<HTMLElement>(".viewbar [aria-current]");
if (tab?.parentElement) tab.parentElement.scrollLeft = tab.offsetLeft - tab.offsetWidth;

for (const node of document.querySelectorAll<HTMLElement>("[data-plotly]")) {
  // The economics page draws its own, again and again.
  if (node.closest("[data-economics]") !== null) continue;
  const source = document.getElementById(node.dataset["plotly"] ?? "");
  if (source !== null) showChart(node, JSON.parse(source.textContent) as ChartSpec);
}
