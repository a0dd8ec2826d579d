/** Which parts of the page are open, and what they show. Never part of the design. */
import { signal } from "../base/signal";

export type LeftTab = "library" | "layers" | "tree" | "find";
export type RightTab = "inspector" | "results" | "site" | "comments";
export type DockTab = "findings" | "schedule" | "history";

export type Dialog =
  | { readonly kind: "palette" }
  | { readonly kind: "shortcuts" }
  | { readonly kind: "paste-table"; readonly text: string }
  | { readonly kind: "working"; readonly path: string; readonly title: string }
  | { readonly kind: "command"; readonly id: string }
  | { readonly kind: "waive"; readonly finding: string }
  | { readonly kind: "refused" };

export interface Toast {
  readonly id: number;
  readonly kind: "info" | "refused";
  readonly text: string;
  /** Where to go from here. */
  readonly link?: ToastLink;
}

export type ToastLink =
  | { readonly text: string; readonly href: string }
  | { readonly text: string; readonly run: () => void };

/** Why a page reaches its design no more, and where to go from there. */
const CUT_OFF = {
  "signed-out": {
    short: "signed out",
    text: "You were signed out. Nothing you do here is kept any more.",
    link: "Sign in",
    href: "/accounts/login/",
  },
  "no-access": {
    short: "no access",
    text: "You have no access to this design any more. Nothing you do here is kept.",
    link: "To the projects",
    href: "/",
  },
} as const;

/** Widths at which styles/editor/narrow.css changes the layout. */
const WIDE_PX = 1100;
const MEDIUM_PX = 700;
const TOAST_MS = 7000;
const MOST_TOASTS = 4;

export class UiState {
  /** The design is here and shown. */
  readonly opened = signal(false);
  /** Why it could not be opened; empty while it can. */
  readonly failure = signal("");
  /** Why what is done here reaches nobody any more; empty while it does. */
  readonly cutOff = signal("");
  readonly leftTab = signal<LeftTab>("library");
  readonly rightTab = signal<RightTab>("inspector");
  readonly dockTab = signal<DockTab>("findings");
  readonly leftOpen = signal(true);
  readonly rightOpen = signal(true);
  readonly dockOpen = signal(true);
  readonly dockTall = signal(false);
  readonly dialog = signal<Dialog | null>(null);
  readonly menuAt = signal<{ readonly x: number; readonly y: number } | null>(null);
  readonly toasts = signal<readonly Toast[]>([]);
  readonly showsResolved = signal(false);
  /** How many notices the user has not read. */
  readonly unread = signal(0);
  /** The comment that is open in the panel. */
  readonly openComment = signal<string | null>(null);
  readonly focusedFinding = signal<string | null>(null);
  /** The field that is to take the cursor once it is there: "pipe.bore_mm", or an assumption line. */
  readonly wantedField = signal<string | null>(null);
  /** Said to screen readers, politely. */
  readonly spoken = signal("");
  private lastToast = 0;

  /** On a narrow page panels lie over the plan: they start closed, and one opens at a time. */
  constructor(private readonly widthPx: () => number = () => WIDE_PX) {
    this.leftOpen.set(widthPx() >= WIDE_PX);
    this.rightOpen.set(widthPx() >= WIDE_PX);
    this.dockOpen.set(widthPx() >= MEDIUM_PX);
  }

  /** Panels lie over the lower half of the plan. */
  get coversPlan(): boolean {
    return this.widthPx() < MEDIUM_PX;
  }

  toggleLeft(): void {
    this.leftOpen.update((open) => !open);
    if (this.leftOpen.get() && this.widthPx() < WIDE_PX) this.rightOpen.set(false);
  }

  toggleRight(): void {
    this.rightOpen.update((open) => !open);
    if (this.rightOpen.get() && this.widthPx() < WIDE_PX) this.leftOpen.set(false);
  }

  showLeft(tab: LeftTab): void {
    this.leftTab.set(tab);
    if (!this.leftOpen.get()) this.toggleLeft();
  }

  showRight(tab: RightTab): void {
    this.rightTab.set(tab);
    if (!this.rightOpen.get()) this.toggleRight();
  }

  /** Opens the panel that holds a field and puts the cursor there. */
  askFor(tab: RightTab, field: string): void {
    this.showRight(tab);
    this.wantedField.set(field);
  }

  showDock(tab: DockTab): void {
    this.dockTab.set(tab);
    this.dockOpen.set(true);
  }

  toast(kind: Toast["kind"], text: string, link?: ToastLink): void {
    this.lastToast += 1;
    const id = this.lastToast;
    // Said again, it replaces itself: a key held down must not fill the screen.
    this.toasts.update((all) =>
      [
        ...all.filter((toast) => toast.text !== text),
        { id, kind, text, ...(link ? { link } : {}) },
      ].slice(-MOST_TOASTS),
    );
    // A refusal stays until it is read, a link until it is followed; the rest goes by itself.
    if (kind === "info" && link === undefined) {
      setTimeout(() => {
        this.dismiss(id);
      }, TOAST_MS);
    }
  }

  dismiss(id: number): void {
    this.toasts.update((all) => all.filter((toast) => toast.id !== id));
  }

  /** Opens a comment in the panel; null shows the list of all. */
  showComment(thread: string | null): void {
    this.openComment.set(thread);
    this.showRight("comments");
  }

  /** Says that this page is cut off from its design, and where to go. */
  shutOut(why: keyof typeof CUT_OFF): void {
    const { short, text, link, href } = CUT_OFF[why];
    this.cutOff.set(short);
    this.spoken.set(text);
    const next = encodeURIComponent(window.location.pathname);
    this.toast("refused", text, { text: link, href: `${href}?next=${next}` });
  }

  /** What is done here is kept again. */
  letIn(): void {
    this.cutOff.set("");
    const said: readonly string[] = Object.values(CUT_OFF).map(({ text }) => text);
    this.toasts.update((all) => all.filter(({ text }) => !said.includes(text)));
  }

  /** Opens the working of one figure: the formula behind it and where its inputs come from. */
  showWorking(path: string, title: string): void {
    this.dialog.set({ kind: "working", path, title });
  }
}
