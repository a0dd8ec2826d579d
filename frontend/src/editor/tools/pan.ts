import type { Editor } from "../editor";
import { ToolState, type Cursor, type Tool, type ToolPointer } from "../tool";

class Ready extends ToolState {
  override readonly name = "pan.ready";
  override readonly cursor: Cursor = "grab";

  override pointerDown(_host: Editor, pointer: ToolPointer): ToolState {
    return new Panning(pointer.screen.x, pointer.screen.y);
  }
}

class Panning extends ToolState {
  override readonly name = "pan.panning";
  override readonly cursor: Cursor = "grabbing";

  constructor(
    private readonly x: number,
    private readonly y: number,
  ) {
    super();
  }

  override pointerMove(host: Editor, { screen }: ToolPointer): ToolState {
    host.camera.panBy(screen.x - this.x, screen.y - this.y);
    return new Panning(screen.x, screen.y);
  }

  override pointerUp(): ToolState {
    return new Ready();
  }

  override cancel(): ToolState {
    return new Ready();
  }
}

export const PAN: Tool = {
  id: "pan",
  title: "Pan",
  writes: false,
  start: () => new Ready(),
};
