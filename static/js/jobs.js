// Keeps a page of jobs in step: starts what the page asks for, and reloads when something ended.
// Without this script every page still works, with a reload by hand.
"use strict";

const POLL_MS = 1500;
const QUIET_MS = 300;
const WATCHED = new Set(["revision", "evaluation", "study", "report"]);
const FINAL = new Set(["done", "failed", "cancelled", "quarantined"]);

let timer = 0;

/** One reload for a burst of messages, and none while somebody fills in a form. */
function reloadSoon() {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => {
    if (document.activeElement?.matches("input, select, textarea")) reloadSoon();
    else window.location.reload();
  }, QUIET_MS);
}

/** A step of a job moves the bar; an end, or a new revision, is a reason to look again. */
function onMessage(message) {
  if (!WATCHED.has(message.type)) return;
  const job = message.evaluation ?? message.study ?? message.report;
  if (job === undefined || FINAL.has(job.state)) {
    reloadSoon();
    return;
  }
  const bar = document.querySelector("progress");
  if (bar !== null && job.progress > bar.value) bar.value = job.progress;
}

function listen(designId) {
  const scheme = window.location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${window.location.host}/ws/designs/${designId}`);
  socket.addEventListener("message", (event) => onMessage(JSON.parse(event.data)));
}

const live = document.querySelector("[data-live-design]");
if (live !== null) {
  listen(live.dataset.liveDesign);
  // The socket is a convenience: while something runs, the page also looks by itself.
  if (live.dataset.pending === "true") window.setTimeout(reloadSoon, POLL_MS);
}

document.querySelector("form[data-run-on-open]")?.submit();
