import { signal, type Readable } from "../base/signal";
import type { DocumentChange } from "../model/store";
import type { Editor } from "./editor";
import { HIT_PX, TOUCH_HIT_PX } from "./gesture";
import type { KeyInput, PointerInput } from "./input";
import type { Cursor, Tool, ToolArgs, ToolPointer, ToolState } from "./tool";
import { SELECT } from "./tools/select";
import { PAN } from "./tools/pan";

/** Which tool is at work, in which state; takes pointer and keys to it. */
export class Tools {
  private readonly known = new Map<string, Tool>();
  private tool: Tool = SELECT;
  private args: ToolArgs = {};
  private state: ToolState;
  private readonly activeId = signal<string>(SELECT.id);
  private readonly statePath = signal("");
  private readonly pointerCursor = signal<Cursor>("default");
  private focus = 0;
  private text = "";
  private error = "";
  /** Panning under another tool: middle button, or Space held. */
  private under: ToolState | null = null;
  private lastPointer: ToolPointer | null = null;
  private isPressed = false;

  constructor(
    private readonly host: Editor,
    tools: readonly Tool[],
  ) {
    for (const tool of tools) this.known.set(tool.id, tool);
    this.state = SELECT.start(host, {});
    this.statePath.set(this.state.name);
    host.document.changed.on((change) => {
      this.follow(change);
    });
    host.canEdit.subscribe((canEdit) => {
      if (canEdit || !this.tool.writes) {
        if (!canEdit) this.go(this.state.readonly(host));
        return;
      }
      this.go(this.state.readonly(host));
      this.activate(SELECT.id);
    });
  }

  /** Id of the tool at work. */
  get active(): Readable<string> {
    return this.activeId;
  }

  /** State of the tool, such as "select.translating". */
  get path(): Readable<string> {
    return this.statePath;
  }

  get cursor(): Readable<Cursor> {
    return this.pointerCursor;
  }

  list(): readonly Tool[] {
    return [...this.known.values()];
  }

  /** What the tool at work was started with. */
  get activeArgs(): ToolArgs {
    return this.args;
  }

  /** Starts a tool, cancelling what was going on; readers get no writing tool. */
  activate(id: string, args: ToolArgs = {}): boolean {
    const tool = this.known.get(id);
    if (tool === undefined || (tool.writes && !this.host.canEdit.get())) return false;
    this.state.leave(this.host);
    this.host.preview.clear();
    this.host.snapper.reset();
    this.tool = tool;
    this.args = args;
    this.activeId.set(id);
    this.clearText();
    this.go(tool.start(this.host, args));
    return true;
  }

  pointerDown(input: PointerInput): void {
    const pointer = this.pointer(input);
    this.isPressed = true;
    if (input.button === 1 && this.under === null) {
      this.under = this.state;
      this.state = PAN.start(this.host, {});
    }
    this.go(this.state.pointerDown(this.host, pointer));
  }

  pointerMove(input: PointerInput): void {
    this.host.pointerAt.set(this.host.camera.toWorld(input.screen));
    this.go(this.state.pointerMove(this.host, this.pointer(input)));
  }

  pointerUp(input: PointerInput): void {
    this.isPressed = false;
    this.go(this.state.pointerUp(this.host, this.pointer(input)));
    if (input.button === 1 && this.under) {
      this.state = this.under;
      this.under = null;
      this.go(this.state);
    }
  }

  /** The pointer or the window was lost: the gesture ends without a trace. */
  interrupt(): void {
    this.isPressed = false;
    if (this.under) {
      this.state = this.under;
      this.under = null;
    }
    this.clearText();
    this.state.leave(this.host);
    this.host.preview.clear();
    this.host.snapper.reset();
    this.go(this.tool.start(this.host, this.args));
  }

  /** Takes a key: typed numbers first, then the state, then the shortcuts. */
  key(input: KeyInput): boolean {
    if (this.typing(input)) return true;
    switch (input.key) {
      case "Escape":
        this.escape();
        return true;
      case "Enter":
        this.go(this.state.complete(this.host));
        return true;
    }
    const next = this.state.key(this.host, input);
    if (next !== undefined) {
      this.go(next);
      return true;
    }
    // In the middle of a drag a shortcut would pull the ground from under it.
    const command = this.isPressed ? null : this.host.commands.forKey(input);
    if (command === null) return false;
    this.host.commands.run(command.id);
    return true;
  }

  /** Space pressed or released: pans while held. */
  hold(isHeld: boolean): void {
    if (isHeld && this.under === null) {
      this.under = this.state;
      this.state = PAN.start(this.host, {});
      this.show();
    } else if (!isHeld && this.under) {
      this.state = this.under;
      this.under = null;
      this.show();
    }
  }

  /** Shows the fields of the state anew, after something outside moved. */
  refresh(): void {
    this.show();
  }

  private escape(): void {
    if (this.tool.id === SELECT.id) {
      this.go(this.state.cancel(this.host) ?? SELECT.start(this.host, {}));
      return;
    }
    this.go(this.state.cancel(this.host));
  }

  private go(next: ToolState | null): void {
    if (next === null) {
      this.tool = SELECT;
      this.args = {};
      this.activeId.set(SELECT.id);
      this.clearText();
      this.host.preview.clear();
      this.host.snapper.reset();
      this.state = SELECT.start(this.host, {});
    } else {
      if (next.name !== this.state.name) this.clearText();
      this.state = next;
    }
    this.show();
  }

  private show(): void {
    this.statePath.set(this.state.name);
    this.pointerCursor.set(this.state.cursor);
    const fields = this.state.fields(this.host);
    const hud =
      fields.length === 0
        ? null
        : {
            at: this.lastPointer?.world ?? this.host.camera.view.get().centre,
            fields: fields.map((field) => ({ ...field, fixed: field.fixed ?? false })),
            focus: Math.min(this.focus, fields.length - 1),
            text: this.text,
            note: this.state.note(this.host),
            error: this.error,
          };
    this.host.preview.show({ hint: this.state.hint, hud });
  }

  /** Whether a key went into the field in focus. */
  private typing(input: KeyInput): boolean {
    const fields = this.state.fields(this.host);
    if (fields.length === 0 || input.ctrl) return false;
    const isTyping = this.text !== "";
    if (input.key.length === 1 && (isTyping || /[0-9.@=<*+-]/.test(input.key))) {
      if (isTyping ? !/[^\x20-\x7e]/.test(input.key) : true) {
        this.text += input.key;
        this.error = "";
        this.anticipate();
        this.show();
        return true;
      }
    }
    if (!isTyping) {
      if (input.key !== "Tab" || fields.length < 2) return false;
      this.focus = (this.focus + (input.shift ? fields.length - 1 : 1)) % fields.length;
      this.show();
      return true;
    }
    switch (input.key) {
      case "Backspace":
        this.text = this.text.slice(0, -1);
        this.error = "";
        this.anticipate();
        this.show();
        return true;
      case "Escape":
        this.clearText();
        if (this.state.previewsTyping && this.lastPointer) {
          this.state = this.state.pointerMove(this.host, this.lastPointer) ?? this.state;
        }
        this.show();
        return true;
      case "Tab":
        if (this.submit(fields.length)) {
          this.focus = (this.focus + 1) % fields.length;
          this.show();
        }
        return true;
      case "Enter":
        if (this.submit(fields.length)) this.go(this.state.complete(this.host));
        return true;
    }
    return false;
  }

  /** Shows what the text would do; the state itself waits for Enter or Tab. */
  private anticipate(): void {
    if (!this.state.previewsTyping || this.text === "") return;
    const fields = this.state.fields(this.host);
    const field = fields[Math.min(this.focus, fields.length - 1)];
    if (field !== undefined) this.state.typed(this.host, field.id, this.text);
  }

  private submit(count: number): boolean {
    const field = this.state.fields(this.host)[Math.min(this.focus, count - 1)];
    if (field === undefined) return false;
    const outcome = this.state.typed(this.host, field.id, this.text);
    if ("error" in outcome) {
      this.error = outcome.error;
      this.show();
      return false;
    }
    this.text = "";
    this.error = "";
    this.state = outcome.state;
    this.show();
    return true;
  }

  private clearText(): void {
    this.text = "";
    this.error = "";
    this.focus = 0;
  }

  private follow({ touched, reset }: DocumentChange): void {
    const { document, selection } = this.host;
    const watched = reset ? [...selection.ids.get()] : [...touched];
    const gone = new Set(watched.filter((id) => document.get(id) === undefined));
    if (gone.size === 0) return;
    selection.remove(gone);
    const hover = selection.hover.get();
    if (hover !== null && gone.has(hover)) selection.hover.set(null);
    const entered = selection.entered.get();
    if (entered !== null && gone.has(entered)) selection.entered.set(null);
    this.go(this.state.targetGone(this.host, gone));
    if (this.under) this.under = this.under.targetGone(this.host, gone);
  }

  private pointer(input: PointerInput): ToolPointer {
    const { screen, shift, ctrl, alt } = input;
    const world = this.host.camera.toWorld(screen);
    const reachPx = input.isTouch === true ? TOUCH_HIT_PX : HIT_PX;
    this.lastPointer = { screen, world, shift, ctrl, alt, clicks: input.clicks ?? 1, reachPx };
    return this.lastPointer;
  }
}
