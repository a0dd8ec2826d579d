/**
 * One stop of the Tab key for a whole toolbar: arrow keys, Home and End move inside it, and it
 * remembers where one was (the toolbar pattern of the ARIA Authoring Practices Guide).
 */
const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowRight: 1,
  ArrowUp: -1,
  ArrowLeft: -1,
};

/** Attach to the element that holds the buttons; returns what undoes it. */
export function roving(node: HTMLElement): () => void {
  const buttons = (): readonly HTMLButtonElement[] => [
    ...node.querySelectorAll<HTMLButtonElement>("button:not(:disabled)"),
  ];

  let current: HTMLButtonElement | undefined;

  function stopAt(chosen: HTMLButtonElement | undefined): void {
    for (const button of node.querySelectorAll("button"))
      button.tabIndex = button === chosen ? 0 : -1;
  }

  /** Buttons come and go: one of them stays within reach of Tab. */
  function settle(): void {
    const all = buttons();
    if (current === undefined || !all.includes(current)) current = all[0];
    stopAt(current);
  }

  function move(event: KeyboardEvent): void {
    const all = buttons();
    const at = all.findIndex((button) => button === event.target);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    const next =
      event.key === "Home"
        ? 0
        : event.key === "End"
          ? all.length - 1
          : step === undefined
            ? -1
            : (at + step + all.length) % all.length;
    if (next < 0) return;
    event.preventDefault();
    all[next]?.focus();
  }

  function enter(event: FocusEvent): void {
    if (!(event.target instanceof HTMLButtonElement)) return;
    current = event.target;
    stopAt(current);
  }

  const watch = new MutationObserver(settle);
  watch.observe(node, { subtree: true, childList: true, attributeFilter: ["disabled"] });
  node.addEventListener("keydown", move);
  node.addEventListener("focusin", enter);
  settle();
  return () => {
    watch.disconnect();
    node.removeEventListener("keydown", move);
    node.removeEventListener("focusin", enter);
  };
}
