import type { Editor } from "../editor";
import type { KeyInput } from "../input";
import {
  ToolState,
  type Cursor,
  type EntryField,
  type EntryOutcome,
  type ToolPointer,
} from "../tool";

/** After a typed corner: the Enter that sent it goes on drawing, the next one ends it. */
export class JustTyped extends ToolState {
  override readonly name: string;
  override readonly cursor: Cursor;
  override readonly hint: string;

  constructor(private readonly drawing: ToolState) {
    super();
    this.name = drawing.name;
    this.cursor = drawing.cursor;
    this.hint = drawing.hint;
  }

  override pointerDown(host: Editor, pointer: ToolPointer): ToolState | null {
    return this.drawing.pointerDown(host, pointer);
  }
  override pointerMove(host: Editor, pointer: ToolPointer): ToolState | null {
    return this.drawing.pointerMove(host, pointer);
  }
  override key(host: Editor, key: KeyInput): ToolState | null | undefined {
    return this.drawing.key(host, key);
  }
  override fields(host: Editor): readonly EntryField[] {
    return this.drawing.fields(host);
  }
  override note(host: Editor): string {
    return this.drawing.note(host);
  }
  override typed(host: Editor, field: string, text: string): EntryOutcome {
    return this.drawing.typed(host, field, text);
  }
  override complete(): ToolState {
    return this.drawing;
  }
  override cancel(host: Editor): ToolState | null {
    return this.drawing.cancel(host);
  }
}
