/** Halls, keep-outs and areas: three tools that draw the same way. */
import { areaOf } from "../../base/polygon";
import type { Vec2 } from "../../base/vec2";
import type { Point, PlanElement } from "../../model/element";
import type { Editor } from "../editor";
import { nextName } from "../making";
import type { Tool } from "../tool";
import { Drawing } from "./draw";

const HALL_HEIGHT_MM = 4000;
const TILE_MM = 600;

function add(host: Editor, element: PlanElement): void {
  host.commit(`Draw ${element.identity?.name ?? element.kind}`, [{ type: "create", element }]);
  if (host.document.get(element.id)) host.selection.set([element.id]);
}

/** Corners in the document's way: counter-clockwise. */
function pointsOf(ring: readonly Vec2[]): readonly Point[] {
  const points = ring.map(({ x, y }): Point => [x, y]);
  return areaOf(ring) < 0 ? points.reverse() : points;
}

const zone = (id: "keepout" | "area", title: string, word: string): Tool => ({
  id,
  title,
  writes: true,
  start: () =>
    new Drawing(title.toLowerCase(), (host, ring) => {
      add(host, {
        id: host.newId(),
        kind: id,
        outline: { points_mm: pointsOf(ring) },
        identity: { name: nextName(host, word) },
      });
    }),
});

export const HALL: Tool = {
  id: "hall",
  title: "Hall",
  writes: true,
  start: () =>
    new Drawing("hall", (host, ring) => {
      add(host, {
        id: host.newId(),
        kind: "hall",
        outline: { points_mm: pointsOf(ring) },
        identity: { name: nextName(host, "Hall") },
        hall: { height_mm: HALL_HEIGHT_MM },
        tiles: {
          origin_x_mm: Math.min(...ring.map(({ x }) => x)),
          origin_y_mm: Math.min(...ring.map(({ y }) => y)),
          pitch_mm: TILE_MM,
        },
      });
    }),
};

/** An outline of no element: it goes to whoever asked for it, a comment for one. */
export const SKETCH: Tool = {
  id: "sketch",
  title: "Area of a comment",
  writes: false,
  start: () =>
    new Drawing("area", (host, ring) => {
      host.sketched.emit(pointsOf(ring));
      host.tools.activate("select");
    }),
};

export const KEEPOUT = zone("keepout", "Keep-out", "Keep-out");
export const AREA = zone("area", "Area", "Area");
