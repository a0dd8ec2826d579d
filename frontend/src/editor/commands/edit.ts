import { changeEdits, deleteEdits, moveEdits, slotOf, stateEdits, unlocked } from "../arrange";
import type { Command } from "../commands";
import type { Editor } from "../editor";
import { nextNumber } from "../copies";
import { parseEntry, resolveValue } from "../entry";
import { labelFor } from "../labels";
import { isDeparture } from "../overrides";
import type { ElementId } from "../../model/element";
import { planTable } from "../table";

/** Undo, delete, copy and what changes elements in place. */
export function editCommands(host: Editor): readonly Command[] {
  const canWrite = (): boolean => host.canEdit.get();
  const hasSelection = (): boolean => canWrite() && host.selection.size > 0;
  const selected = (): readonly ElementId[] => [...host.selection.ids.get()];
  const free = (): readonly ElementId[] => {
    const ids = unlocked(host.document, selected());
    if (ids.length === 0) host.notify("info", "What is selected is locked.");
    return ids;
  };
  return [
    {
      id: "edit.undo",
      title: "Undo",
      aliases: ["take back", "revert"],
      keys: ["Ctrl+Z"],
      group: "Edit",
      when: () => canWrite() && host.history.canUndo.get(),
      run: () => {
        host.history.undo();
      },
    },
    {
      id: "edit.redo",
      title: "Redo",
      aliases: ["again"],
      keys: ["Ctrl+Shift+Z", "Ctrl+Y"],
      group: "Edit",
      when: () => canWrite() && host.history.canRedo.get(),
      run: () => {
        host.history.redo();
      },
    },
    {
      id: "edit.delete",
      title: "Delete",
      aliases: ["remove", "erase"],
      keys: ["Delete", "Backspace"],
      group: "Edit",
      when: hasSelection,
      run: () => {
        const ids = free().filter((id) => slotOf(id) === null);
        if (ids.length === 0) {
          if (selected().some((id) => slotOf(id) !== null)) {
            host.notify(
              "info",
              "Members belong to their module; change the module's parameters instead.",
            );
          }
          return;
        }
        host.commit(labelFor(host, "Delete", ids), deleteEdits(ids));
      },
    },
    {
      id: "edit.cut",
      title: "Cut",
      aliases: ["move to clipboard"],
      keys: ["Ctrl+X"],
      native: true,
      group: "Edit",
      when: hasSelection,
      run: () => {
        if (host.clipboard.copy() === null) return;
        host.ask("copy");
        host.commands.run("edit.delete");
      },
    },
    {
      id: "edit.copy",
      title: "Copy",
      aliases: ["to clipboard"],
      keys: ["Ctrl+C"],
      native: true,
      group: "Edit",
      when: () => host.selection.size > 0,
      run: () => {
        if (host.clipboard.copy() !== null) host.ask("copy");
      },
    },
    {
      id: "edit.copy-table",
      title: "Copy as a table",
      aliases: ["spreadsheet", "tsv"],
      keys: ["Ctrl+Alt+C"],
      group: "Edit",
      when: () => host.selection.size > 0,
      run: () => {
        host.clipboard.buffer = host.clipboard.copyTable();
        host.ask("copy");
      },
    },
    {
      id: "edit.paste",
      title: "Paste",
      aliases: ["from clipboard"],
      keys: ["Ctrl+V"],
      native: true,
      group: "Edit",
      when: () => canWrite() && host.clipboard.buffer !== null,
      run: () => {
        const at = host.pointerAt.get() ?? host.camera.view.get().centre;
        host.clipboard.paste(host.clipboard.buffer ?? "", at);
      },
    },
    {
      id: "edit.paste-in-place",
      title: "Paste in place",
      aliases: ["same coordinates"],
      keys: ["Ctrl+Shift+V"],
      group: "Edit",
      when: () => canWrite() && host.clipboard.buffer !== null,
      run: () => {
        host.clipboard.paste(host.clipboard.buffer ?? "", null);
      },
    },
    {
      id: "edit.duplicate",
      title: "Duplicate",
      aliases: ["copy beside"],
      keys: ["Ctrl+D"],
      group: "Edit",
      when: hasSelection,
      run: () => {
        host.clipboard.duplicate();
      },
    },
    {
      id: "edit.nudge",
      title: "Move by…",
      aliases: ["nudge", "displace", "shift"],
      keys: [],
      group: "Edit",
      when: hasSelection,
      args: [
        { id: "dx", label: "ΔX", initial: "600", check: (text) => lengthError(host, text) },
        { id: "dy", label: "ΔY", initial: "0", check: (text) => lengthError(host, text) },
      ],
      run: ({ dx = "0", dy = "0" }) => {
        const by = { x: lengthOf(host, dx), y: lengthOf(host, dy) };
        const ids = free();
        if (ids.length === 0 || (by.x === 0 && by.y === 0)) return;
        host.commit(labelFor(host, "Move", ids), moveEdits(host.document, ids, by));
      },
    },
    {
      id: "edit.renumber",
      title: "Renumber…",
      aliases: ["tags", "rename", "number"],
      keys: [],
      group: "Edit",
      when: hasSelection,
      args: [
        { id: "pattern", label: "Pattern", initial: "R01-{n:02}", check: patternError },
        { id: "start", label: "First number", initial: "1", check: wholeError },
      ],
      run: ({ pattern = "R{n}", start }) => {
        const ids = readingOrder(
          host,
          free().filter((id) => slotOf(id) === null),
        );
        if (ids.length === 0) return;
        const first =
          start === undefined || start === "" ? nextNumber(host.document, pattern) : Number(start);
        host.commit(labelFor(host, "Renumber", ids), [
          { type: "command", name: "renumber", args: { ids, pattern, start: first } },
        ]);
      },
    },
    {
      id: "edit.lock",
      title: "Lock",
      aliases: ["freeze", "protect"],
      keys: ["Ctrl+Shift+L"],
      group: "Edit",
      when: hasSelection,
      run: () => {
        host.commit(
          labelFor(host, "Lock", selected()),
          stateEdits(host.document, selected(), { locked: true }),
        );
      },
    },
    {
      id: "edit.unlock",
      title: "Unlock",
      aliases: ["thaw"],
      keys: ["Ctrl+Alt+L"],
      group: "Edit",
      when: hasSelection,
      run: () => {
        host.commit(
          labelFor(host, "Unlock", selected()),
          stateEdits(host.document, selected(), { locked: false }),
        );
      },
    },
    {
      id: "edit.hide",
      title: "Hide",
      aliases: ["invisible"],
      keys: ["Ctrl+Shift+H"],
      group: "Edit",
      when: hasSelection,
      run: () => {
        const ids = selected();
        host.commit(labelFor(host, "Hide", ids), stateEdits(host.document, ids, { hidden: true }));
        host.selection.clear();
      },
    },
    {
      id: "edit.show-all",
      title: "Show everything hidden",
      aliases: ["unhide"],
      keys: [],
      group: "Edit",
      when: canWrite,
      run: () => {
        const hidden = [...host.document.items()].filter((item) => item.hidden).map(({ id }) => id);
        host.commit("Show everything hidden", stateEdits(host.document, hidden, { hidden: false }));
      },
    },
    {
      id: "edit.reset-overrides",
      title: "Back to the module's own values",
      aliases: ["clear overrides", "reset member"],
      keys: [],
      group: "Edit",
      when: () => hasSelection() && selected().some((id) => slotOf(id) !== null),
      run: () => {
        const changes = selected().flatMap((id) => {
          const element = host.document.get(id) as { overridden?: readonly string[] } | undefined;
          const groups = (element?.overridden ?? []).filter(isDeparture);
          return groups.map((group) => ({ id, group, value: null }));
        });
        host.commit("Reset overrides", changeEdits(host.document, changes));
      },
    },
    {
      id: "edit.paste-table",
      title: "Paste a table…",
      aliases: ["spreadsheet", "csv", "tsv", "properties"],
      keys: ["Ctrl+Alt+V"],
      group: "Edit",
      when: canWrite,
      run: ({ text }) => {
        if (text === undefined) {
          host.ask("table-paste");
          return;
        }
        const plan = planTable(host, text);
        const [error] = plan.errors;
        if (error) {
          host.notify("error", `Line ${error.line}: ${error.message} Nothing was changed.`);
        } else {
          host.commit(`Paste a table of ${plan.changed + plan.created} elements`, plan.edits);
        }
      },
    },
  ];
}

function lengthOf(host: Editor, text: string): number {
  const entry = parseEntry(text, "length", host.settings.units.get());
  const value = entry.ok ? resolveValue(entry.value, 0, "length") : entry;
  return value.ok ? value.value : 0;
}

function lengthError(host: Editor, text: string): string {
  const entry = parseEntry(text, "length", host.settings.units.get());
  if (!entry.ok) return entry.error;
  const value = resolveValue(entry.value, 0, "length");
  return value.ok ? "" : value.error;
}

const patternError = (text: string): string =>
  /\{n(:0[1-9])?\}/.test(text) ? "" : "Write {n} or {n:02} where the number goes.";

const wholeError = (text: string): string =>
  /^\d{0,9}$/.test(text.trim()) ? "" : "Type a whole number.";

/** Rows from the top of the plan down, each from left to right. */
function readingOrder(host: Editor, ids: readonly ElementId[]): readonly ElementId[] {
  const boxes = new Map(ids.map((id) => [id, host.document.item(id)?.box]));
  const ROW_MM = 300;
  return [...ids].sort((a, b) => {
    const [p, q] = [boxes.get(a), boxes.get(b)];
    if (!p || !q) return 0;
    const rows = Math.round(q.minY / ROW_MM) - Math.round(p.minY / ROW_MM);
    return rows || p.minX - q.minX;
  });
}
