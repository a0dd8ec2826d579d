/** The seam between the plan and what draws it. */
import type { LiveLayer } from "./live";
import type { Scene } from "./scene";
import type { Skin } from "./skin";
import type { View } from "./view";

export interface Renderer {
  /** Draws one frame. While `moving`, an older picture of the plan may be shifted instead of drawn. */
  draw(view: View, scene: Scene, skin: Skin, live: LiveLayer, moving: boolean): void;
  dispose(): void;
}

/** Keeps what it was asked to draw; for tests and for pages without a canvas. */
export class NullRenderer implements Renderer {
  readonly frames: { view: View; scene: Scene; skin: Skin; live: LiveLayer; moving: boolean }[] =
    [];

  draw(view: View, scene: Scene, skin: Skin, live: LiveLayer, moving: boolean): void {
    this.frames.push({ view, scene, skin, live, moving });
  }

  dispose(): void {
    this.frames.length = 0;
  }
}
