/** What the page does when the editor speaks: opens its parts, shows toasts, announces. */
import { Disposables } from "../base/disposable";
import { putOnClipboard } from "./clipboard";
import type { App } from "./context";
import { chooseTheme } from "../ui/theme";
import { format } from "../editor/units";
import { showPlace } from "./zoom";

const SPEAK_AFTER_MS = 350;

/** Starts listening; returns the way to stop. */
export function listen(app: App): () => void {
  const { editor, ui, comments } = app;
  const ends = new Disposables();
  ends.add(
    editor.asks.on((what) => {
      openPart(app, what);
    }),
  );
  ends.add(
    editor.notices.on(({ kind, text }) => {
      ui.toast(kind === "info" ? "info" : "refused", text);
      ui.spoken.set(text);
    }),
  );
  ends.add(
    editor.presence.asked.on(({ name, at, thread }) => {
      ui.spoken.set(`${name} asks you to look at a place on the plan.`);
      ui.toast("info", `${name} asks you to look at something.`, {
        text: "Show me",
        run: () => {
          showPlace(app, at);
          if (thread !== null) ui.showComment(thread);
        },
      });
    }),
  );
  ends.add(
    editor.sketched.on((points) => {
      comments.beginOnArea(points);
      ui.showComment(null);
    }),
  );
  ends.add(editor.settings.theme.subscribe(chooseTheme));
  let timer: ReturnType<typeof setTimeout> | undefined;
  ends.add(
    editor.selection.ids.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        ui.spoken.set(selectionInWords(app));
      }, SPEAK_AFTER_MS);
    }),
  );
  ends.add(() => {
    clearTimeout(timer);
  });
  return () => {
    ends.dispose();
  };
}

function openPart(app: App, what: string): void {
  const { ui, comments, editor } = app;
  if (what.startsWith("command:")) {
    ui.dialog.set({ kind: "command", id: what.slice("command:".length) });
    return;
  }
  switch (what) {
    case "palette":
    case "shortcuts":
      ui.dialog.set({ kind: what });
      break;
    case "library":
      if (ui.leftOpen.get() && ui.leftTab.get() === "library") {
        ui.toggleLeft();
        break;
      }
      openPart(app, "library-search");
      break;
    case "library-search":
      ui.showLeft("library");
      focusSoon(`#left-panel input`);
      break;
    case "find":
    case "layers":
      ui.showLeft(what);
      focusSoon(`#left-panel input, #left-panel button`);
      break;
    case "inspector":
      if (ui.rightOpen.get() && ui.rightTab.get() === "inspector") {
        ui.toggleRight();
        break;
      }
      ui.showRight("inspector");
      focusSoon("#right-panel input");
      break;
    case "results":
      ui.showRight(what);
      focusSoon("#right-panel input, #right-panel button");
      break;
    case "comments":
      ui.showComment(null);
      focusSoon("#right-panel .comment-line, #right-panel button");
      break;
    case "comment":
      // With a finger the pointer was where the menu opened.
      comments.begin(editor.pointerAt.get() ?? editor.camera.view.get().centre);
      ui.showComment(null);
      break;
    case "next-comment":
      stepComment({ ui, comments, editor });
      break;
    case "history":
      ui.showDock("history");
      break;
    case "table-paste":
      ui.dialog.set({ kind: "paste-table", text: "" });
      break;
    case "copy":
      void putOnClipboard(editor, ui);
      break;
    default:
      break;
  }
}

/** Opens the next open comment and shows where it is. */
function stepComment({ ui, comments, editor }: Pick<App, "ui" | "comments" | "editor">): void {
  const open = comments.threads.get().filter(({ state }) => state === "open");
  const at = open.findIndex(({ id }) => id === ui.openComment.get());
  const next = open[(at + 1) % Math.max(open.length, 1)];
  if (next === undefined) {
    editor.notify("info", "There are no open comments.");
    return;
  }
  showPlace({ editor, ui }, comments.placeOf(next));
  ui.showComment(next.id);
  ui.spoken.set(`Comment ${String(next.number)}, ${next.where}: ${next.title}`);
}

function focusSoon(selector: string): void {
  requestAnimationFrame(() => {
    document.querySelector<HTMLElement>(selector)?.focus();
  });
}

/** "R18-07 rack, 132 kW, 1 finding", or how many are selected. */
function selectionInWords({ editor }: App): string {
  const ids = [...editor.selection.ids.get()];
  const [id] = ids;
  if (id === undefined) return "Nothing selected";
  if (ids.length > 1) return `${String(ids.length)} elements selected`;
  const item = editor.document.item(id);
  if (item === undefined) return "";
  const kw = editor.results.of(id)?.["it_kw"];
  const findings = editor.results.findingsOf(id).length;
  const parts = [
    `${item.tag === "" ? "untagged" : item.tag} ${item.kind.replaceAll("_", " ")}`,
    kw === undefined ? "" : format(kw, "power", editor.settings.units.get()),
    findings === 0 ? "" : `${String(findings)} finding${findings === 1 ? "" : "s"}`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}
