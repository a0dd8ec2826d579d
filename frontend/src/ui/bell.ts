/** Count one more unread notice at the bell of a server-rendered page. */
export function ringBell(): void {
  const badge = document.querySelector<HTMLElement>("[data-unread]");
  const shown = badge?.firstElementChild;
  if (badge === null || !shown) return;
  const unread = String(Number(badge.dataset["unread"] ?? 0) + 1);
  badge.dataset["unread"] = shown.textContent = unread;
  badge.hidden = false;
}
