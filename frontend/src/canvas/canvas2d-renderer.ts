/**
 * Draws on two stacked canvases: the plan below, what moves with the pointer above.
 *
 * The plan is painted into a picture larger than the window. While the camera
 * moves, that picture is shifted and scaled; it is painted anew when the camera
 * rests, when the window leaves it, or when it has been stretched too far.
 */
import type { LiveLayer } from "./live";
import { paintLive } from "./painters/live";
import { MassPainter } from "./painters/mass";
import { paintPlan } from "./plan-painter";
import type { Renderer } from "./renderer";
import type { Scene } from "./scene";
import type { Skin } from "./skin";
import { holdsView, sameView, widened, type View } from "./view";

/** Share of the window that the picture reaches beyond it, on each side. */
const MARGIN = 0.2;
/** Beyond this magnification the shifted picture looks coarse. */
const MOST_STRETCH = 1.5;

interface Picture {
  readonly canvas: OffscreenCanvas;
  readonly ctx: OffscreenCanvasRenderingContext2D;
  view: View;
  scene: Scene;
  skin: Skin;
}

export class Canvas2dRenderer implements Renderer {
  private readonly plan: CanvasRenderingContext2D;
  private readonly live: CanvasRenderingContext2D;
  private picture: Picture | null = null;
  private readonly mass = new MassPainter((width, height) => new OffscreenCanvas(width, height));
  /** What the lower canvas shows: it is left alone while that stays the same. */
  private shown: View | null = null;
  /** How often the plan was painted anew; the benchmark reads it. */
  paints = 0;

  constructor(
    private readonly planCanvas: HTMLCanvasElement,
    private readonly liveCanvas: HTMLCanvasElement,
  ) {
    this.plan = contextOf(planCanvas, false);
    this.live = contextOf(liveCanvas, true);
  }

  draw(view: View, scene: Scene, skin: Skin, live: LiveLayer, moving: boolean): void {
    for (const canvas of [this.planCanvas, this.liveCanvas]) {
      if (canvas.width === view.width && canvas.height === view.height) continue;
      canvas.width = view.width;
      canvas.height = view.height;
      this.shown = null;
    }
    const picture = this.pictureFor(view, scene, skin, moving);
    if (this.shown === null || !sameView(this.shown, view)) {
      this.show(picture, view, skin);
      this.shown = view;
    }
    paintLive(this.live, view, live, skin.palette, this.mass);
  }

  dispose(): void {
    this.picture = null;
    this.mass.forget();
  }

  private pictureFor(view: View, scene: Scene, skin: Skin, moving: boolean): Picture {
    const old = this.picture;
    if (old !== null && old.scene === scene && old.skin === skin) {
      const wanted = widened(view, MARGIN);
      if (sameView(old.view, wanted)) return old;
      const sameScale = old.view.scale === view.scale && old.view.ratio === view.ratio;
      if ((moving || sameScale) && covers(old.view, view, moving)) return old;
    }
    return this.paint(widened(view, MARGIN), scene, skin);
  }

  private paint(view: View, scene: Scene, skin: Skin): Picture {
    let picture = this.picture;
    if (picture?.canvas.width !== view.width || picture.canvas.height !== view.height) {
      const canvas = new OffscreenCanvas(view.width, view.height);
      const ctx = canvas.getContext("2d", { alpha: false });
      if (ctx === null) throw new Error("this browser gives no 2D canvas");
      picture = { canvas, ctx, view, scene, skin };
    }
    picture.view = view;
    picture.scene = scene;
    picture.skin = skin;
    paintPlan(picture.ctx, view, scene, skin);
    this.picture = picture;
    this.shown = null;
    this.paints += 1;
    return picture;
  }

  private show(picture: Picture, view: View, skin: Skin): void {
    const stretch = view.scale / picture.view.scale;
    const left = (picture.view.left - view.left) * view.scale;
    const top = (view.top - picture.view.top) * view.scale;
    const width = picture.view.width * stretch;
    const height = picture.view.height * stretch;
    if (left > 0 || top > 0 || left + width < view.width || top + height < view.height) {
      this.plan.fillStyle = skin.palette.canvas;
      this.plan.fillRect(0, 0, view.width, view.height);
    }
    if (stretch === 1) this.plan.drawImage(picture.canvas, Math.round(left), Math.round(top));
    else this.plan.drawImage(picture.canvas, left, top, width, height);
  }
}

/** Whether the picture of `old` still serves `view`: it covers the window and is not stretched too far. */
function covers(old: View, view: View, moving: boolean): boolean {
  if (old.ratio !== view.ratio) return false;
  const stretch = view.scale / old.scale;
  if (stretch > MOST_STRETCH || stretch < 1 / MOST_STRETCH) return false;
  if (!moving && stretch !== 1) return false;
  // A shrinking picture uncovers the rim; that is worth a paint only at rest.
  if (stretch < 1) return moving;
  return holdsView(old, view);
}

function contextOf(canvas: HTMLCanvasElement, alpha: boolean): CanvasRenderingContext2D {
  const ctx = canvas.getContext("2d", { alpha });
  if (ctx === null) throw new Error("this browser gives no 2D canvas");
  return ctx;
}
