/** Draws the runs of the networks: pipes and trays, point by point. */
import { pathLength, straightened } from "../../base/polyline";
import { distance, length, subtract, type Vec2 } from "../../base/vec2";
import type { PlanElement, Point } from "../../model/element";
import { itemOf } from "../../model/item";
import { quantiseLength } from "../../model/quantise";
import type { Editor } from "../editor";
import { parseEntry, resolvePoint } from "../entry";
import type { KeyInput } from "../input";
import { runFrom } from "../making-runs";
import { portAt, type Port, type RunKind } from "../ports";
import {
  ToolState,
  type Cursor,
  type EntryField,
  type EntryOutcome,
  type Tool,
  type ToolPointer,
} from "../tool";
import { format, formatRun } from "../units";
import { JustTyped } from "./just-typed";

/** What the pointer asks for: the bend on the way, if any, and the place itself. */
interface Aim {
  readonly legs: readonly Vec2[];
  readonly port: Port | null;
}

interface Route {
  readonly kind: RunKind;
  readonly points: readonly Vec2[];
  /** What the run was joined to on its way: it gives the loop. */
  readonly ports: readonly Port[];
  /** X: the other leg comes first. */
  readonly isFlipped: boolean;
}

/** Pixels beside an axis that still count as on it. */
const SLACK_PX = 6;

const NOWHERE: Aim = { legs: [], port: null };

/** Right angles unless Shift is held: each click adds a leg, or two with a bend between them. */
class Routing extends ToolState {
  override readonly name: string;
  override readonly cursor: Cursor = "crosshair";
  override readonly hint: string;

  constructor(
    private readonly route: Route,
    private readonly aim: Aim = NOWHERE,
    private readonly last: ToolPointer | null = null,
  ) {
    super();
    const { kind, points } = route;
    this.name = points.length === 0 ? "route.first" : "route.next";
    this.hint =
      points.length === 0
        ? `Click where the ${kind} begins, or type 1200,0.`
        : "Click on, or type a length. X flips the bend, Shift goes straight, Alt suspends snapping, Backspace goes back, Enter ends.";
  }

  override pointerMove(host: Editor, pointer: ToolPointer): ToolState {
    const next = new Routing(this.route, aimAt(host, this.route, pointer), pointer);
    next.show(host);
    return next;
  }

  override pointerDown(host: Editor, pointer: ToolPointer): ToolState | null {
    const { points } = this.route;
    const aim = aimAt(host, this.route, pointer);
    const to = aim.legs.at(-1);
    const from = points.at(-1);
    if (to === undefined) return this;
    if (from !== undefined && distance(from, to) === 0) {
      return pointer.clicks >= 2 ? this.complete(host) : this;
    }
    const next = this.with(host, aim, pointer);
    return points.length > 0 && aim.port?.ends === true ? next.complete(host) : next;
  }

  override key(host: Editor, key: KeyInput): ToolState | undefined {
    if (key.key.toLowerCase() === "x" && !key.ctrl && !key.alt) {
      const flipped = new Routing({ ...this.route, isFlipped: !this.route.isFlipped }, this.aim);
      if (this.last) return flipped.pointerMove(host, this.last);
      return flipped;
    }
    const { points } = this.route;
    if (key.key !== "Backspace" || points.length === 0) return undefined;
    const shorter = new Routing({ ...this.route, points: points.slice(0, -1) });
    if (this.last) return shorter.pointerMove(host, this.last);
    shorter.show(host);
    return shorter;
  }

  override fields(host: Editor): readonly EntryField[] {
    const units = host.settings.units.get();
    const from = this.route.points.at(-1);
    const [to] = this.aim.legs;
    if (from === undefined) {
      const text = (value: number): string => format(value, "length", units);
      return [{ id: "point", label: "Point", value: `${text(to?.x ?? 0)}, ${text(to?.y ?? 0)}` }];
    }
    const leg = length(this.way(from));
    return [{ id: "point", label: "Length", value: format(leg, "length", units) }];
  }

  override note(host: Editor): string {
    const points = [...this.route.points, ...this.aim.legs];
    return points.length < 2
      ? ""
      : `${formatRun(pathLength(points), host.settings.units.get())} in all`;
  }

  override typed(host: Editor, _field: string, text: string): EntryOutcome {
    const entry = parseEntry(text, "length", host.settings.units.get());
    if (!entry.ok) return entry;
    const from = this.route.points.at(-1) ?? null;
    const point = resolvePoint(entry.value, from, this.way(from));
    if (!point.ok) return point;
    const at = { x: quantiseLength(point.value.x), y: quantiseLength(point.value.y) };
    // A length goes on straight; a point that is off both axes is reached by right angles.
    const isAngled = entry.value.kind === "polar" || entry.value.kind === "value";
    const legs = isAngled || from === null ? [at] : legsTo(this.route, at);
    const next = this.with(host, { legs, port: null }, this.last);
    return { state: new JustTyped(next) };
  }

  override complete(host: Editor): ToolState | null {
    const points = straightened(this.route.points);
    if (points.length < 2) {
      host.notify("info", `A ${this.route.kind} needs at least two points.`);
      return this;
    }
    const element = elementOf(host, this.route, points);
    host.preview.clear();
    host.snapper.reset();
    host.commit(`Draw ${element.kind} ${element.identity?.tag ?? ""}`.trim(), [
      { type: "create", element },
    ]);
    if (host.document.get(element.id)) host.selection.set([element.id]);
    return null;
  }

  override cancel(host: Editor): ToolState | null {
    host.preview.clear();
    return this.route.points.length === 0 ? null : start(this.route.kind);
  }

  /** Where a typed length leads: to the pointer, or along the longer of the two legs to it. */
  private way(from: Vec2 | null): Vec2 {
    const { legs } = this.aim;
    const to = legs.at(-1);
    if (from === null || to === undefined) return { x: 0, y: 0 };
    const by = subtract(to, from);
    if (legs.length < 2) return by;
    return Math.abs(by.x) >= Math.abs(by.y) ? { x: by.x, y: 0 } : { x: 0, y: by.y };
  }

  /** The same route with what was aimed at. */
  private with(host: Editor, aim: Aim, pointer: ToolPointer | null): Routing {
    const { route } = this;
    const points = [...route.points, ...aim.legs];
    const ports = aim.port ? [...route.ports, aim.port] : route.ports;
    host.snapper.reset();
    const next = new Routing({ ...route, points, ports, isFlipped: false }, NOWHERE, pointer);
    next.show(host);
    return next;
  }

  private show(host: Editor): void {
    const points = [...this.route.points, ...this.aim.legs];
    const shape = straightened(points);
    const ghost =
      shape.length < 2 ? null : itemOf(elementOf(host, this.route, shape), host.products);
    host.preview.show({
      path: points.length === 0 ? null : { points, closed: false },
      ghosts: ghost ? [ghost] : [],
    });
  }
}

/** The pointer's place drawn to a port, else pulled to what is near. */
function aimAt(host: Editor, route: Route, pointer: ToolPointer): Aim {
  const port = pointer.alt ? null : portAt(host, route.kind, pointer.world);
  const at = port?.at ?? pulledPoint(host, route, pointer);
  host.preview.show({
    ...(port ? { guides: [{ kind: "align", from: at, to: at, label: port.label }] } : {}),
  });
  const place = { x: quantiseLength(at.x), y: quantiseLength(at.y) };
  const last = route.points.at(-1);
  if (pointer.shift || last === undefined) return { legs: [place], port };
  // A hand is never quite on the axis: what is off it by a few pixels is meant to be on it.
  const slack = port || pointer.alt ? 0 : host.camera.mm(SLACK_PX);
  const onAxis = {
    x: Math.abs(place.x - last.x) <= slack ? last.x : place.x,
    y: Math.abs(place.y - last.y) <= slack ? last.y : place.y,
  };
  return { legs: legsTo(route, onAxis), port };
}

function pulledPoint(host: Editor, route: Route, pointer: ToolPointer): Vec2 {
  const [first] = route.points;
  const last = route.points.at(-1);
  const snap = host.snapper.point(pointer.world, {
    isSuspended: pointer.alt,
    inLine: [...(first ? [first] : []), ...(last ? [last] : [])],
  });
  host.preview.show({ guides: snap.guides });
  return { x: pointer.world.x + snap.by.x, y: pointer.world.y + snap.by.y };
}

/** Right angles to a place: the way that the last leg runs goes on first. */
function legsTo({ points, isFlipped }: Route, to: Vec2): readonly Vec2[] {
  const from = points.at(-1) ?? to;
  const before = points.at(-2);
  if (from.x === to.x || from.y === to.y) return [to];
  const way = before ? subtract(from, before) : subtract(to, from);
  const isAlongX = Math.abs(way.x) >= Math.abs(way.y);
  return [isAlongX === isFlipped ? { x: from.x, y: to.y } : { x: to.x, y: from.y }, to];
}

function elementOf(host: Editor, route: Route, points: readonly Vec2[]): PlanElement {
  return runFrom(
    host,
    route.kind,
    points.map(({ x, y }): Point => [x, y]),
    route.ports.map(({ item }) => item),
  );
}

const start = (kind: RunKind): ToolState =>
  new Routing({ kind, points: [], ports: [], isFlipped: false });

const tool = (kind: RunKind, title: string): Tool => ({
  id: kind,
  title,
  writes: true,
  start: () => start(kind),
});

export const PIPE = tool("pipe", "Pipe");
export const TRAY = tool("tray", "Tray");
