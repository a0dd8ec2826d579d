/** What the palette finds: commands, properties, settings of the site, assumptions, pages, elements. */
import { scoreOf } from "../editor/matching";
import type { PlanElement } from "../model/element";
import type { App, AssumptionRow } from "./context";
import { pagesOf } from "./pages";
import { SECTIONS, type FieldSection, type NumberField } from "./right/fields";
import { SITE_SETTINGS } from "./right/site-fields";
import { kindName } from "./right/subject";
import { zoomToIds } from "./zoom";

export interface PaletteEntry {
  readonly key: string;
  readonly group: string;
  readonly label: string;
  readonly keys: string;
  readonly disabled: boolean;
  readonly run: () => void;
}

interface Scored {
  readonly entry: PaletteEntry;
  readonly score: number;
}

const MOST = 80;
const MOST_ELEMENTS = 20;
const LEAST_LETTERS = 2; // of a tag; one letter finds them all
/** Sections that stand for one kind of thing: these are found without a selection too. */
const MOST_KINDS = 3;

/** The best first; of equals commands before properties, settings, pages and elements. */
export function paletteEntries(
  app: App,
  words: string,
  assumptions: readonly AssumptionRow[],
): readonly PaletteEntry[] {
  const asked = words.trim() !== "";
  const scored = [
    ...commands(app, words),
    ...(asked ? properties(app, words) : []),
    ...(asked ? settings(app, words, assumptions) : []),
    ...pages(app, words),
  ];
  const best = asked ? scored.sort((a, b) => b.score - a.score) : scored;
  return [...best.map(({ entry }) => entry), ...elements(app, words)].slice(0, MOST);
}

const found = (scored: readonly Scored[]): readonly Scored[] =>
  scored.filter(({ score }) => score > 0);

function commands({ editor, ui }: App, words: string): readonly Scored[] {
  return found(
    editor.commands.list().map((command) => ({
      score: scoreOf([command.title, ...command.aliases, command.id], words),
      entry: {
        key: command.id,
        group: command.group,
        label: command.title,
        keys: command.keys[0] ?? "",
        disabled: !editor.commands.isEnabled(command.id),
        run: () => {
          if (command.args && command.args.length > 0)
            ui.dialog.set({ kind: "command", id: command.id });
          else editor.commands.run(command.id);
        },
      },
    })),
  );
}

/** Of what is selected; else of everything of the kinds that have the property. */
function properties(app: App, words: string): readonly Scored[] {
  const { editor, ui } = app;
  const selected = [...editor.selection.ids.get()].flatMap((id) => editor.document.get(id) ?? []);
  return found(
    SECTIONS.flatMap((section) => {
      const isMine = selected.length > 0 && selected.every(({ kind }) => section.kinds.has(kind));
      if (!isMine && section.kinds.size > MOST_KINDS) return [];
      const targets = isMine ? selected : ofKinds(app, section);
      return section.fields.map((field) => ({
        score: scoreOf(namesOf(section, field), words),
        entry: {
          key: `property:${[...section.kinds].join("+")}:${field.group}.${field.key}`,
          group: "Property",
          label: `Set ${field.label.toLowerCase()} of ${whose(section, targets, isMine)}…`,
          keys: "",
          disabled: targets.length === 0 || !editor.canEdit.get(),
          run: () => {
            if (!isMine) editor.selection.set(targets.map(({ id }) => id));
            ui.askFor("inspector", `${field.group}.${field.key}`);
          },
        },
      }));
    }),
  );
}

const namesOf = ({ title }: FieldSection, { label, key }: NumberField): readonly string[] => [
  label,
  `${title} ${label}`,
  key.replaceAll("_", " "),
];

function ofKinds({ editor }: App, { kinds }: FieldSection): readonly PlanElement[] {
  return [...kinds].flatMap((kind) =>
    [...editor.document.ofKind(kind)].flatMap((id) =>
      id.includes("/") ? [] : (editor.document.get(id) ?? []),
    ),
  );
}

function whose(section: FieldSection, targets: readonly PlanElement[], isMine: boolean): string {
  const kinds = new Set(targets.map(({ kind }) => kind));
  const [kind = [...section.kinds][0] ?? ""] = kinds;
  if (targets.length === 0) return `a ${kindName(kind, 1)}: none is drawn`;
  const name = kinds.size > 1 ? "elements" : kindName(kind, targets.length);
  if (targets.length === 1)
    return targets[0]?.identity?.tag ?? targets[0]?.identity?.name ?? `the ${name}`;
  return `${isMine ? "" : "all "}${String(targets.length)} ${name}`;
}

function settings(
  { ui }: App,
  words: string,
  assumptions: readonly AssumptionRow[],
): readonly Scored[] {
  const entry = (group: string, label: string, name: string): PaletteEntry => ({
    key: `setting:${name}`,
    group,
    label,
    keys: "",
    disabled: false,
    run: () => {
      ui.askFor("site", name);
    },
  });
  return found([
    ...SITE_SETTINGS.map(({ label, name }) => ({
      score: scoreOf([label, name.replaceAll(/[._]/g, " ")], words),
      entry: entry("Site", `${label}…`, name),
    })),
    ...assumptions.map(({ id, note, unit }) => ({
      // Behind a command or a property that is called the same.
      score: scoreOf([id.replaceAll(/[._]/g, " "), id, note], words) - 1,
      entry: entry(
        "Assumption",
        `${unit === "" ? id : `${id}, ${unit}`}${note === "" ? "" : `: ${note}`}`,
        id,
      ),
    })),
  ]);
}

function pages({ design }: App, words: string): readonly Scored[] {
  return found(
    pagesOf(design).flatMap(({ pages: own }) =>
      own.map(({ title, href, hint, aliases }) => ({
        score: scoreOf([title, ...aliases, hint], words),
        entry: {
          key: `page:${href}`,
          group: "Page",
          label: `${title}: ${hint}`,
          keys: "",
          disabled: false,
          run: () => {
            window.location.assign(href);
          },
        },
      })),
    ),
  );
}

function elements(app: App, words: string): readonly PaletteEntry[] {
  const wanted = words.trim().toLowerCase();
  if (wanted.length < LEAST_LETTERS) return [];
  const entries: PaletteEntry[] = [];
  for (const [tag, ids] of app.editor.document.allTags()) {
    if (!tag.includes(wanted)) continue;
    for (const id of ids) {
      const item = app.editor.document.item(id);
      if (item === undefined) continue;
      entries.push({
        key: id,
        group: kindName(item.kind, 1),
        label: item.tag,
        keys: "",
        disabled: false,
        run: () => {
          zoomToIds(app, [id]);
        },
      });
    }
    if (entries.length >= MOST_ELEMENTS) break;
  }
  return entries.slice(0, MOST_ELEMENTS);
}
