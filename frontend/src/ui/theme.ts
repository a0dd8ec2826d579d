/** The theme of the page: the user's choice, else the system's. */
import { signal, type Readable } from "../base/signal";

export type ThemeChoice = "system" | "light" | "dark";
/** Read by static/js/theme.js before the first paint. */
const KEY = "plenum-theme";
const ORDER: readonly ThemeChoice[] = ["system", "light", "dark"];

function kept(): ThemeChoice {
  try {
    return ORDER.find((choice) => choice === localStorage.getItem(KEY)) ?? "system";
  } catch {
    return "system";
  }
}

const light = window.matchMedia("(prefers-color-scheme: light)");
const choice = signal<ThemeChoice>(kept());
const resolved = signal<"light" | "dark">("dark");

function resolve(): void {
  const chosen = choice.get();
  if (chosen === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = chosen;
  resolved.set(chosen === "system" ? (light.matches ? "light" : "dark") : chosen);
}

light.addEventListener("change", resolve);
choice.subscribe(resolve);

export const themeChoice: Readable<ThemeChoice> = choice;
/** What is on screen now. */
export const theme: Readable<"light" | "dark"> = resolved;

export function chooseTheme(next: ThemeChoice): void {
  try {
    if (next === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // Closed storage: the choice lasts as long as the page.
  }
  choice.set(next);
}

export function nextTheme(): void {
  const at = ORDER.indexOf(choice.get());
  chooseTheme(ORDER[(at + 1) % ORDER.length] ?? "system");
}
