/**
 * Entry of the economics page: asks the server anew when an input changes and puts its answer
 * into the page. Without it the page still works: its form is sent by the button.
 */
import { liveChart, type ChartSpec } from "./ui/plotly";

const TYPING_MS = 350;
const HAND_MS = 60;
const REST_MS = 450;
/** Margins of the frontier's plot, as its layout states them. */
const PLOT_LEFT = 48;
const PLOT_RIGHT = 16;

const form = document.querySelector<HTMLFormElement>("form[data-economics]");
const dialog = document.querySelector<HTMLDialogElement>("[data-working-dialog]");
const drawn = new Map<HTMLElement, (next: ChartSpec) => void>();
let asked = 0;
let timer: number | undefined;
let flight: AbortController | null = null;

function address(live: boolean): string {
  if (form === null) return window.location.href;
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value !== "") query.set(name, value);
  }
  if (live) query.set("live", "1");
  return `${form.action}?${query.toString()}`;
}

/** Puts each part of an answer that the page knows into its place; charts are drawn anew. */
function put(answer: Document): boolean {
  const parts = document.querySelectorAll<HTMLElement>("[data-swap]");
  const found = [...parts].filter((part) => answer.querySelector(selector(part)) !== null);
  if (found.length === 0 || (answer.querySelector("[data-swap=reason]") !== null) !== has("reason"))
    return false;
  for (const part of found) {
    const fresh = answer.querySelector<HTMLElement>(selector(part));
    // A part that the quick answer leaves out keeps what it shows.
    if (fresh === null || (fresh.childElementCount === 0 && fresh.textContent.trim() === ""))
      continue;
    if (part.contains(document.activeElement) && part.dataset["swap"] === "hero") continue;
    if (part.dataset["swap"] === "specs") {
      for (const spec of fresh.children)
        document.getElementById(spec.id)?.replaceWith(spec.cloneNode(true));
    } else part.replaceChildren(...[...fresh.childNodes].map((node) => node.cloneNode(true)));
  }
  copyPlaceholders(answer);
  draw();
  return true;
}

const selector = (part: HTMLElement): string => `[data-swap="${part.dataset["swap"] ?? ""}"]`;
const has = (name: string): boolean => document.querySelector(`[data-swap=${name}]`) !== null;

/** Fields that nobody filled in show the value in use; badges say where each comes from. */
function copyPlaceholders(answer: Document): void {
  if (form === null) return;
  for (const field of form.querySelectorAll<HTMLInputElement>(".eco-row > input")) {
    const fresh = answer.getElementById(field.id) as HTMLInputElement | null;
    if (fresh === null) continue;
    field.placeholder = fresh.placeholder;
    const badge = field.parentElement?.querySelector(".badge");
    const newer = fresh.parentElement?.querySelector(".badge");
    if (badge && newer) badge.replaceWith(newer.cloneNode(true));
  }
}

function draw(): void {
  for (const node of document.querySelectorAll<HTMLElement>("[data-plotly]")) {
    const source = document.getElementById(node.dataset["plotly"] ?? "");
    if (source === null) continue;
    const spec = JSON.parse(source.textContent) as ChartSpec;
    const update = drawn.get(node);
    if (update === undefined) drawn.set(node, liveChart(node, spec));
    else update(spec);
  }
}

async function ask(live: boolean): Promise<void> {
  const mine = ++asked;
  form?.setAttribute("aria-busy", "true");
  flight?.abort();
  flight = new AbortController();
  try {
    const response = await fetch(address(live), { signal: flight.signal });
    const text = await response.text();
    if (mine !== asked) return;
    const answer = new DOMParser().parseFromString(text, "text/html");
    if (!response.ok || !put(answer)) window.location.assign(address(false));
    else {
      if (!live) window.history.replaceState(null, "", address(false));
      if (!live) form?.removeAttribute("aria-busy");
    }
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) {
      window.location.assign(address(false));
    }
  }
}

function askSoon(delayMs: number): void {
  form?.setAttribute("aria-busy", "true");
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void ask(false), delayMs);
}

let hand: number | undefined;
let busy = false;
let again = false;

/** One quick question at a time: while one is on its way, only the newest position waits. */
async function askWhileMoving(): Promise<void> {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  await ask(true);
  busy = false;
  if (again) {
    again = false;
    void askWhileMoving();
  }
}

/** While the hand moves only the quick half is asked for; the rest follows when it rests. */
function moveTo(speed: number): void {
  const slider = document.querySelector<HTMLInputElement>("[data-speed]");
  const field = document.querySelector<HTMLInputElement>("#f-u");
  if (slider === null || field === null) return;
  slider.value = String(Math.round(speed));
  field.value = slider.value;
  hand ??= window.setTimeout(() => {
    hand = undefined;
    void askWhileMoving();
  }, HAND_MS);
  askSoon(REST_MS);
}

function dragFrontier(box: HTMLElement, slider: HTMLInputElement): void {
  let dragging = false;
  const follow = (event: PointerEvent): void => {
    const plot = box.getBoundingClientRect();
    const width = plot.width - PLOT_LEFT - PLOT_RIGHT;
    const share = (event.clientX - plot.left - PLOT_LEFT) / width;
    if (share >= 0 && share <= 1) moveTo(Math.max(1, share * Number(slider.max)));
  };
  box.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target === slider) return;
    if (event.clientY - box.getBoundingClientRect().top < PLOT_LEFT) return; // the legend
    dragging = true;
    follow(event);
  });
  window.addEventListener("pointermove", (event) => {
    if (dragging) follow(event);
  });
  window.addEventListener("pointerup", () => (dragging = false));
}

function addPlaces(places: HTMLInputElement): void {
  document
    .querySelector<HTMLSelectElement>("[data-add-place]")
    ?.addEventListener("change", (event) => {
      const chosen = (event.target as HTMLSelectElement).value;
      if (chosen === "") return;
      places.value = [...new Set([...places.value.split(",").filter(Boolean), chosen])].join(",");
      askSoon(0);
    });
  document.querySelector("[data-all-places]")?.addEventListener("click", () => {
    places.value = "all";
    askSoon(0);
  });
  document.querySelector("[data-clear-places]")?.addEventListener("click", () => {
    places.value = "none";
    askSoon(0);
  });
}

async function openWorking(link: HTMLAnchorElement): Promise<void> {
  if (dialog === null) return;
  const text = await (await fetch(link.href)).text();
  const content = new DOMParser()
    .parseFromString(text, "text/html")
    .querySelector("[data-working-content]");
  if (content === null) {
    window.location.assign(link.href);
    return;
  }
  const before = dialog.open ? [...dialog.childNodes] : null;
  const bar = document.createElement("p");
  bar.className = "toolbar";
  if (before !== null)
    bar.append(
      button("Back", () => {
        dialog.replaceChildren(...before);
      }),
    );
  bar.append(
    button("Close", () => {
      dialog.close();
    }),
  );
  dialog.replaceChildren(bar, document.importNode(content, true));
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}

function button(words: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.className = "btn btn-small";
  made.type = "button";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

document.addEventListener("click", (event) => {
  const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-working]");
  if (link === null || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  void openWorking(link);
});
dialog?.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});

if (form !== null) {
  // On a narrow page the figures come first: the settings fold until somebody wants them.
  if (window.matchMedia("(max-width: 760px)").matches)
    form.querySelector("[data-settings]")?.removeAttribute("open");
  draw();
  form.querySelector("[data-recompute]")?.setAttribute("hidden", "");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    askSoon(0);
  });
  form.addEventListener("input", (event) => {
    const field = event.target as HTMLInputElement;
    if (field.matches("[data-speed]")) moveTo(Number(field.value));
    else if (!field.matches("[data-add-place]")) askSoon(field.type === "number" ? TYPING_MS : 0);
  });
  const box = form.querySelector<HTMLElement>("[data-frontier]");
  const slider = form.querySelector<HTMLInputElement>("[data-speed]");
  if (box !== null && slider !== null) dragFrontier(box, slider);
  const places = form.querySelector<HTMLInputElement>("input[name=places]");
  if (places !== null) addPlaces(places);
}
