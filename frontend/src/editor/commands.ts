import type { Readable } from "../base/signal";
import type { KeyInput } from "./input";

/** One thing that a user can ask for: the single source of palette, menus and keys. */
export interface Command {
  readonly id: string;
  readonly title: string;
  /** Other words that find it in the palette. */
  readonly aliases: readonly string[];
  /** Shortcuts such as "Ctrl+Shift+Z", "Shift+1", "F8", "R". */
  readonly keys: readonly string[];
  readonly group: CommandGroup;
  /** Whether it can run now; always when absent. */
  readonly when?: () => boolean;
  /** What it asks for before running. */
  readonly args?: readonly CommandArg[];
  /** State of a command that switches something. */
  readonly checked?: Readable<boolean>;
  /** The page's own event does it when the key is pressed; the key is listed, not taken. */
  readonly native?: boolean;
  readonly run: (args: CommandArgs) => void;
}

export type CommandGroup =
  | "File"
  | "Edit"
  | "View"
  | "Select"
  | "Place"
  | "Draw"
  | "Arrange"
  | "Measure"
  | "People"
  | "Settings";
export type CommandArgs = Readonly<Record<string, string>>;

export interface CommandArg {
  readonly id: string;
  readonly label: string;
  /** A good first answer, also an example of the grammar. */
  readonly initial: string;
  /** The only possible answers, the first of them the first answer; anything when absent. */
  readonly choices?: () => readonly { readonly id: string; readonly label: string }[];
  /** Why an answer cannot be used; empty when it can. */
  readonly check?: (text: string) => string;
}

/** All commands by id, by key and by words. */
export class CommandRegistry {
  private readonly byId = new Map<string, Command>();
  private readonly byKey = new Map<string, Command>();

  constructor(private readonly singleKeys: Readable<boolean>) {}

  /** Adds a command. A second command on the same id or key is a mistake in the program. */
  add(command: Command): void {
    if (this.byId.has(command.id)) throw new Error(`two commands are called ${command.id}`);
    for (const key of command.keys) {
      const name = normalKey(key);
      const other = this.byKey.get(name);
      if (other) throw new Error(`${key} is bound to ${other.id} and to ${command.id}`);
      this.byKey.set(name, command);
    }
    this.byId.set(command.id, command);
  }

  get(id: string): Command | undefined {
    return this.byId.get(id);
  }

  list(): readonly Command[] {
    return [...this.byId.values()];
  }

  isEnabled(id: string): boolean {
    const command = this.byId.get(id);
    return command !== undefined && (command.when?.() ?? true);
  }

  /** Runs a command if it can run now; says whether it did. */
  run(id: string, args: CommandArgs = {}): boolean {
    const command = this.byId.get(id);
    if (command === undefined || !this.isEnabled(id)) return false;
    command.run(args);
    return true;
  }

  /** The command that a key asks for now, if any. */
  forKey(input: KeyInput): Command | null {
    if (isSingleKey(input) && !this.singleKeys.get()) return null;
    const command = this.byKey.get(keyName(input));
    if (command === undefined || command.native === true) return null;
    return (command.when?.() ?? true) ? command : null;
  }
}

/** A key press in the form that shortcuts are written in, lower-case, modifiers in order. */
export function keyName(input: KeyInput): string {
  const key = input.key === " " ? "space" : input.key.toLowerCase();
  // Shift is part of what a sign is ("?"), except for letters, digits and named keys.
  const shift = input.shift && (key.length > 1 || /^[a-z0-9]$/.test(key));
  return `${input.ctrl ? "ctrl+" : ""}${input.alt ? "alt+" : ""}${shift ? "shift+" : ""}${key}`;
}

function normalKey(shortcut: string): string {
  const parts = shortcut.split("+");
  // "Ctrl++" and "+" name the plus key itself.
  const plus = shortcut.endsWith("+");
  const key = plus ? "+" : (parts.at(-1) ?? "");
  const modifiers = new Set(parts.slice(0, plus ? -2 : -1).map((part) => part.toLowerCase()));
  return keyName({
    key,
    ctrl: modifiers.has("ctrl"),
    alt: modifiers.has("alt"),
    shift: modifiers.has("shift"),
  });
}

function isSingleKey({ key, ctrl, alt }: KeyInput): boolean {
  return key.length === 1 && !ctrl && !alt;
}
