/** What the browser keeps for one user: cookies of the server, settings of the editor. */
import type { Socket } from "../api/live";
import { settingsValues, type Settings, type SettingsValues } from "../editor/settings";
import { themeChoice } from "../ui/theme";

const SETTINGS_KEY = "plenum-settings";

export function cookieNamed(name: string): string {
  for (const pair of document.cookie.split(/;\s*/)) {
    const cut = pair.indexOf("=");
    if (pair.slice(0, cut) === name) return decodeURIComponent(pair.slice(cut + 1));
  }
  return "";
}

/** Settings of the last visit; the theme is the page's, kept for all pages. */
export function keptSettings(): Partial<SettingsValues> {
  const theme = themeChoice.get();
  try {
    const text = localStorage.getItem(SETTINGS_KEY);
    const kept: unknown = text === null ? {} : JSON.parse(text);
    return kept !== null && typeof kept === "object" ? { ...kept, theme } : { theme };
  } catch {
    // Storage is closed or holds something else: the defaults serve.
    return { theme };
  }
}

/** Keeps every change of a setting. */
export function keepSettings(settings: Settings): void {
  const keep = (): void => {
    try {
      localStorage.setItem(SETTINGS_KEY, JSON.stringify(settingsValues(settings)));
    } catch {
      // Closed storage: the settings last as long as the page.
    }
  };
  for (const setting of Object.values(settings)) setting.subscribe(keep);
}

/** A socket of the browser behind the few words that the editor knows. */
export function openSocket(url: string): Socket {
  const inner = new WebSocket(url);
  const socket: Socket = {
    onopen: null,
    onmessage: null,
    onclose: null,
    send: (text) => {
      inner.send(text);
    },
    close: () => {
      inner.close();
    },
  };
  inner.addEventListener("open", () => socket.onopen?.());
  inner.addEventListener("message", (event: MessageEvent<unknown>) => socket.onmessage?.(event));
  inner.addEventListener("close", (event) => socket.onclose?.(event));
  return socket;
}
