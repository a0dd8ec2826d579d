/**
 * Very many moving things as plain rectangles: their outlines would take the whole frame.
 *
 * They are painted once into a picture a little larger than the window, and only that
 * picture moves: a frame of dragging costs the same however many things are held.
 */
import type { LiveLayer } from "../live";
import type { Palette } from "../palette";
import { holdsView, screenX, screenY, widened, type View } from "../view";
import type { Context } from "./shapes";

type Mass = NonNullable<LiveLayer["mass"]>;

/** Share of the window that the picture reaches beyond it, on each side. */
const MARGIN = 0.25;
const ALPHA = 0.5;

interface Picture {
  readonly canvas: OffscreenCanvas;
  readonly view: View;
  readonly edges: Float64Array;
  readonly colour: string;
}

export class MassPainter {
  private picture: Picture | null = null;
  /** How often the picture was painted. */
  paints = 0;

  constructor(private readonly make: (width: number, height: number) => OffscreenCanvas) {}

  paint(ctx: Context, view: View, mass: Mass, palette: Palette): void {
    const { x, y } = mass.by;
    // What moves stands still, and the window moves the other way.
    const held: View = { ...view, left: view.left - x, top: view.top - y };
    const { canvas, view: painted } = this.pictureFor(held, mass, palette);
    const left = Math.round((painted.left - held.left) * view.scale);
    const top = Math.round((held.top - painted.top) * view.scale);
    ctx.globalAlpha = ALPHA;
    ctx.drawImage(canvas, left, top);
    ctx.globalAlpha = 1;
  }

  /** The gesture is over: its picture is of no more use. */
  forget(): void {
    this.picture = null;
  }

  private pictureFor(held: View, mass: Mass, palette: Palette): Picture {
    const colour = mass.clashes ? palette.violation : palette.accent;
    const old = this.picture;
    if (
      old !== null &&
      old.edges === mass.edges &&
      old.colour === colour &&
      old.view.scale === held.scale &&
      old.view.ratio === held.ratio &&
      holdsView(old.view, held)
    ) {
      return old;
    }
    const view = widened(held, MARGIN);
    const canvas = this.make(view.width, view.height);
    const ctx = canvas.getContext("2d");
    if (ctx === null) throw new Error("this browser gives no 2D canvas");
    ctx.fillStyle = colour;
    paintEdges(ctx, view, mass.edges);
    this.paints += 1;
    this.picture = { canvas, view, edges: mass.edges, colour };
    return this.picture;
  }
}

function paintEdges(ctx: Context, view: View, edges: Float64Array): void {
  const gap = view.ratio;
  for (let at = 0; at < edges.length; at += 4) {
    const left = screenX(view, edges[at] as number);
    const right = screenX(view, edges[at + 2] as number);
    if (right < 0 || left > view.width) continue;
    const top = screenY(view, edges[at + 3] as number);
    const bottom = screenY(view, edges[at + 1] as number);
    if (bottom < 0 || top > view.height) continue;
    ctx.fillRect(left, top, Math.max(right - left - gap, 1), Math.max(bottom - top - gap, 1));
  }
}
