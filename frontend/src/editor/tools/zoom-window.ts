import { boxBetween } from "../../base/box";
import type { Vec2 } from "../../base/vec2";
import type { Editor } from "../editor";
import { ToolState, type Cursor, type Tool, type ToolPointer } from "../tool";

class Ready extends ToolState {
  override readonly name = "zoom-window.ready";
  override readonly cursor: Cursor = "zoom-in";
  override readonly hint = "Drag over what you want to see. Esc leaves.";

  override pointerDown(_host: Editor, { world }: ToolPointer): ToolState {
    return new Dragging(world);
  }
}

class Dragging extends ToolState {
  override readonly name = "zoom-window.dragging";
  override readonly cursor: Cursor = "zoom-in";

  constructor(private readonly from: Vec2) {
    super();
  }

  override pointerMove(host: Editor, { world }: ToolPointer): ToolState {
    host.preview.show({ brush: { box: boxBetween(this.from, world), mode: "zoom" } });
    return this;
  }

  override pointerUp(host: Editor, { world }: ToolPointer): ToolState | null {
    const box = boxBetween(this.from, world);
    if (box.maxX > box.minX && box.maxY > box.minY) host.camera.fit(box, 0);
    return null;
  }

  override cancel(host: Editor): ToolState {
    host.preview.clear();
    return new Ready();
  }
}

export const ZOOM_WINDOW: Tool = {
  id: "zoom-window",
  title: "Zoom window",
  writes: false,
  start: () => new Ready(),
};
