import { boxBetween, centreOf, heightOf, widthOf, type Box } from "../base/box";
import { signal, type Readable } from "../base/signal";
import type { Vec2 } from "../base/vec2";

/** What part of the plan is on screen: world millimetres, Y up, to pixels, Y down. */
export interface View {
  /** World point in the middle of the screen. */
  readonly centre: Vec2;
  /** Pixels per millimetre. */
  readonly zoom: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** CSS pixels per millimetre of paper: 96 to the inch. */
const PAPER_PX_PER_MM = 96 / 25.4;
const MIN_ZOOM = 2e-5;
const MAX_ZOOM = 4;
/** Share of the screen that a margin takes at most. */
const MOST_MARGIN = 0.125;

/** Pans and zooms over the plan, and remembers the views it was asked to leave. */
export class Camera {
  private readonly state = signal<View>({
    centre: { x: 0, y: 0 },
    zoom: 0.02,
    widthPx: 1280,
    heightPx: 720,
  });
  /** Height at the bottom of the screen that is covered: what is fitted stays clear of it. */
  coveredPx = 0;
  private readonly before: View[] = [];
  private readonly after: View[] = [];

  get view(): Readable<View> {
    return this.state;
  }

  get zoom(): number {
    return this.state.get().zoom;
  }

  toScreen(world: Vec2): Vec2 {
    const { centre, zoom, widthPx, heightPx } = this.state.get();
    return {
      x: widthPx / 2 + (world.x - centre.x) * zoom,
      y: heightPx / 2 - (world.y - centre.y) * zoom,
    };
  }

  toWorld(screen: Vec2): Vec2 {
    const { centre, zoom, widthPx, heightPx } = this.state.get();
    return {
      x: centre.x + (screen.x - widthPx / 2) / zoom,
      y: centre.y - (screen.y - heightPx / 2) / zoom,
    };
  }

  /** Millimetres that `px` pixels cover. */
  mm(px: number): number {
    return px / this.state.get().zoom;
  }

  /** The part of the world on screen. */
  worldBox(): Box {
    const { widthPx, heightPx } = this.state.get();
    return boxBetween(this.toWorld({ x: 0, y: 0 }), this.toWorld({ x: widthPx, y: heightPx }));
  }

  resize(widthPx: number, heightPx: number): void {
    this.state.update((view) => ({ ...view, widthPx, heightPx }));
  }

  /** Moves the picture by pixels, as a hand moves paper. */
  panBy(dxPx: number, dyPx: number): void {
    this.state.update((view) => ({
      ...view,
      centre: { x: view.centre.x - dxPx / view.zoom, y: view.centre.y + dyPx / view.zoom },
    }));
  }

  /** Zooms so that the world point under `screen` stays there. */
  zoomAt(screen: Vec2, factor: number): void {
    const still = this.toWorld(screen);
    this.state.update((view) => {
      const zoom = clamp(view.zoom * factor);
      return {
        ...view,
        zoom,
        centre: {
          x: still.x - (screen.x - view.widthPx / 2) / zoom,
          y: still.y + (screen.y - view.heightPx / 2) / zoom,
        },
      };
    });
  }

  /** Shows all of `box` with a margin, smaller on a small screen; remembers the view it leaves. */
  fit(box: Box, wantedPx = 40): void {
    this.remember();
    const { widthPx, heightPx } = this.state.get();
    const freePx = heightPx - this.coveredPx;
    const marginPx = Math.min(wantedPx, widthPx * MOST_MARGIN, freePx * MOST_MARGIN);
    const zoom = clamp(
      Math.min(
        Math.max(widthPx - 2 * marginPx, 1) / Math.max(widthOf(box), 1),
        Math.max(freePx - 2 * marginPx, 1) / Math.max(heightOf(box), 1),
      ),
    );
    const middle = centreOf(box);
    const centre = { x: middle.x, y: middle.y - this.coveredPx / 2 / zoom };
    this.state.update((view) => ({ ...view, centre, zoom }));
  }

  /** Moves `box` as little as it takes to be seen above what covers the bottom of the screen. */
  reveal(box: Box, coveredPx: number): void {
    const { zoom, widthPx, heightPx } = this.state.get();
    const from = this.toScreen({ x: box.minX, y: box.maxY });
    const by = (start: number, size: number, room: number): number => {
      const marginPx = Math.min(room * MOST_MARGIN, Math.max(0, (room - size) / 2));
      if (start < marginPx) return marginPx - start;
      return Math.min(0, room - marginPx - size - start);
    };
    this.panBy(
      by(from.x, widthOf(box) * zoom, widthPx),
      by(from.y, heightOf(box) * zoom, heightPx - coveredPx),
    );
  }

  /** Brings a point to the middle without changing the scale. */
  centreOn(world: Vec2): void {
    this.remember();
    this.state.update((view) => ({ ...view, centre: world }));
  }

  /** The `n` of the scale 1:n that the screen shows. */
  get scale(): number {
    return PAPER_PX_PER_MM / this.state.get().zoom;
  }

  setScale(n: number): void {
    this.remember();
    this.state.update((view) => ({ ...view, zoom: clamp(PAPER_PX_PER_MM / n) }));
  }

  set(view: Pick<View, "centre" | "zoom">): void {
    this.state.update((old) => ({ ...old, centre: view.centre, zoom: clamp(view.zoom) }));
  }

  /** Back to the view before the last jump; false when there is none. */
  back(): boolean {
    return this.swap(this.before, this.after);
  }

  forward(): boolean {
    return this.swap(this.after, this.before);
  }

  private remember(): void {
    this.before.push(this.state.get());
    if (this.before.length > 50) this.before.shift();
    this.after.length = 0;
  }

  private swap(from: View[], to: View[]): boolean {
    const view = from.pop();
    if (view === undefined) return false;
    to.push(this.state.get());
    this.set(view);
    return true;
  }
}

const clamp = (zoom: number): number => Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, zoom));
