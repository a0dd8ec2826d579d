/** New pipes, trays and feeders as they are first made. */
import { distanceToPath } from "../base/polyline";
import { quantiseLength } from "../model/quantise";
import type { Vec2 } from "../base/vec2";
import type { PipeGroup, PlanElement, Point } from "../model/element";
import { isCooler, isWaterUnit } from "../model/facility-water";
import type { AssumedFeeder } from "../model/feeders";
import type { Item } from "../model/item";
import { pathPoints } from "../model/run";
import type { Editor } from "./editor";
import { nextTag } from "./making";
import type { RunKind } from "./ports";

const TRAY = { width_mm: 600, depth_mm: 100 } as const;
/** The loop of a pipe in a design without any. */
const FIRST_LOOP = "TCS-1";

/** The loop of the facility water in a design without any. */
const FIRST_WATER = "FWS-1";

/** A run through points; a pipe is of the loop of what it is joined to. */
export function runFrom(
  host: Editor,
  kind: RunKind,
  points_mm: readonly Point[],
  joined: readonly Item[],
): PlanElement {
  const bare = { id: host.newId(), path: { points_mm }, identity: { tag: nextTag(host, kind) } };
  return kind === "tray"
    ? { ...bare, kind, tray: TRAY }
    : { ...bare, kind, pipe: pipeOf(host, points_mm, joined) };
}

function pipeOf(host: Editor, points_mm: readonly Point[], joined: readonly Item[]): PipeGroup {
  return carriesWater(joined) ? waterPipe(host, joined) : { loop: loopOf(host, points_mm, joined) };
}

/** A pipe that meets a cooler, an air handler or facility water carries facility water. */
const carriesWater = (joined: readonly Item[]): boolean =>
  joined.some(
    (item) =>
      isCooler(item) ||
      (isWaterUnit(item) && item.kind !== "cdu") ||
      item.element.pipe?.service === "fws",
  );

function waterPipe(host: Editor, joined: readonly Item[] = []): PipeGroup {
  const isWater = (pipe: PipeGroup | undefined): pipe is PipeGroup => pipe?.service === "fws";
  const known =
    joined.map(({ element }) => element.pipe).find(isWater) ??
    [...host.document.ofKind("pipe")].map((id) => host.document.get(id)?.pipe).find(isWater);
  return { loop: known?.loop ?? FIRST_WATER, service: "fws" };
}

/** Pipes of facility water along ways that were assumed until now. */
export function waterPipes(
  host: Editor,
  lines: readonly (readonly Vec2[])[],
): readonly PlanElement[] {
  const first = nextTag(host, "pipe");
  const [, stem = first, digits = ""] = /^(.*?)(\d*)$/.exec(first) ?? [];
  return lines.map((points, index) => ({
    id: host.newId(),
    kind: "pipe" as const,
    path: { points_mm: points.map(({ x, y }): Point => [quantiseLength(x), quantiseLength(y)]) },
    identity: { tag: `${stem}${String(Number(digits) + index).padStart(digits.length, "0")}` },
    pipe: waterPipe(host),
  }));
}

/** The loop of what a pipe joins, else of the rack or CDU that stands nearest to it. */
function loopOf(host: Editor, points_mm: readonly Point[], joined: readonly Item[]): string {
  for (const { element } of joined) {
    const loop = element.pipe?.loop ?? element.cooling?.loop;
    if (loop) return loop;
  }
  const path = pathPoints({ points_mm });
  let [nearest, least] = [FIRST_LOOP, Infinity];
  for (const kind of ["rack", "cdu"] as const) {
    for (const id of host.document.ofKind(kind)) {
      const item = host.document.item(id);
      const loop = item?.element.cooling?.loop;
      if (item === undefined || !loop) continue;
      const { minX, maxX, minY, maxY } = item.box;
      const apart = distanceToPath({ x: (minX + maxX) / 2, y: (minY + maxY) / 2 }, path);
      if (apart < least) [nearest, least] = [loop, apart];
    }
  }
  return nearest;
}

/** The feeder that stands for an assumed line: it can be led another way afterwards. */
export function feederFrom(host: Editor, { node, points }: AssumedFeeder): PlanElement {
  const side = node.element.identity?.side;
  return {
    id: host.newId(),
    kind: "feeder",
    path: {
      points_mm: points.map(({ x, y }): Point => [quantiseLength(x), quantiseLength(y)]),
    },
    identity: {
      tag: node.tag === "" ? nextTag(host, "feeder") : `F-${node.tag}`,
      ...(side ? { side } : {}),
    },
    feeder: { to: node.id },
  };
}
