/**
 * Entry of the pages of jobs: starts what the page asks for, and reloads it
 * when something ended. Without it every page still works, by a reload by hand.
 */
import type { EvaluationState } from "./model/wire";
import { ringBell } from "./ui/bell";

const POLL_MS = 1500;
const QUIET_MS = 300;
const LEAVING_MS = 5000;
const WATCHED: ReadonlySet<string> = new Set([
  "revision",
  "evaluation",
  "study",
  "report",
  "proposal",
  "thread",
  "role",
]);
const FINAL: ReadonlySet<string> = new Set<EvaluationState>([
  "done",
  "failed",
  "cancelled",
  "quarantined",
]);

/** What these pages read of a message of the socket. */
interface JobMessage {
  readonly type: string;
  readonly evaluation?: Job;
  readonly study?: Job;
  readonly report?: Job;
}
interface Job {
  readonly state: string;
  readonly progress?: number;
}

let timer: number | undefined;
let isLeaving = false;

// A form or another page on its way: a reload now would cut off its answer.
document.addEventListener("submit", (event) => {
  isLeaving ||= !event.defaultPrevented;
});
window.addEventListener("pageshow", () => {
  isLeaving = false;
});
// Downloads begin like this too, and leave nothing.
window.addEventListener("beforeunload", () => {
  isLeaving = true;
  window.setTimeout(() => {
    isLeaving = false;
  }, LEAVING_MS);
});

/** One reload for a burst of messages, and none while somebody fills in a form or leaves. */
function reloadSoon(): void {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => {
    if (isLeaving) return;
    if (document.activeElement?.matches("input, select, textarea")) reloadSoon();
    else window.location.reload();
  }, QUIET_MS);
}

/** A step of a job moves the bar; an end, or a new revision, is a reason to look again. */
function onMessage({ type, evaluation, study, report }: JobMessage): void {
  if (type === "notice") ringBell();
  if (!WATCHED.has(type)) return;
  const job = evaluation ?? study ?? report;
  if (job === undefined || FINAL.has(job.state)) {
    reloadSoon();
    return;
  }
  const bar = document.querySelector("progress");
  const progress = job.progress ?? 0;
  if (bar !== null && progress > bar.value) bar.value = progress;
}

function listen(designId: string): void {
  const scheme = window.location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${window.location.host}/ws/designs/${designId}`);
  socket.addEventListener("message", (event: MessageEvent<string>) => {
    onMessage(JSON.parse(event.data) as JobMessage);
  });
}

const live = document.querySelector<HTMLElement>("[data-live-design]");
if (live?.dataset["liveDesign"] !== undefined) {
  listen(live.dataset["liveDesign"]);
  // The socket is a convenience: while something runs, the page also looks by itself.
  if (live.dataset["pending"] === "true") window.setTimeout(reloadSoon, POLL_MS);
}

document.querySelector<HTMLFormElement>("form[data-run-on-open]")?.submit();
