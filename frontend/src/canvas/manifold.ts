/**
 * Where a module's supply and return lines are drawn: along the rear of its
 * rows, from its cooling units. A schematic of what belongs together, in the
 * way a plan shows it; pipe routes are not part of a module.
 */
import { boxAround, type Box } from "../base/box";
import { add, rotate, subtract, type Vec2 } from "../base/vec2";
import type { Item } from "../model/item";
import type { ScenePipe } from "./scene";

/** Clear of the racks' rear doors. */
const OFF_REAR_MM = 140;

export function manifoldOf(module: Item, members: readonly Item[]): readonly ScenePipe[] {
  const frame = module.rect;
  if (frame === null) return [];
  const toLocal = (p: Vec2): Vec2 => rotate(subtract(p, frame.origin), -frame.rotationDeg);
  const toWorld = (p: Vec2): Vec2 => add(frame.origin, rotate(p, frame.rotationDeg));
  const boxOf = (items: readonly Item[]): Box | null =>
    boxAround(items.flatMap((item) => item.ring.map(toLocal)));

  const cdus = boxOf(members.filter((member) => member.kind === "cdu"));
  const rows = rowsOf(members);
  if (cdus === null || rows.length === 0) return [];
  const rowBoxes = rows
    .map(boxOf)
    .filter((box): box is Box => box !== null)
    .sort((a, b) => a.minY - b.minY);
  const low = rowBoxes[0];
  const high = rowBoxes.at(-1);
  if (low === undefined || high === undefined) return [];

  const fromLeft = cdus.minX < low.minX;
  const cduEdge = fromLeft ? Math.min(cdus.maxX, low.minX) : Math.max(cdus.minX, low.maxX);
  const rowEdge = fromLeft ? low.minX : low.maxX;
  const header = (cduEdge + rowEdge) / 2;
  const far = fromLeft ? low.maxX : low.minX;
  const twoRows = rowBoxes.length > 1;
  const supplyY = twoRows ? high.minY - OFF_REAR_MM : low.maxY + OFF_REAR_MM;
  const returnY = twoRows ? low.maxY + OFF_REAR_MM : low.maxY + 3 * OFF_REAR_MM;
  const quarter = (cdus.maxY - cdus.minY) / 4;
  const line = (service: ScenePipe["service"], y: number, from: number): ScenePipe => ({
    service,
    points: [
      { x: cduEdge, y: from },
      { x: header + (service === "supply" ? 0 : fromLeft ? 120 : -120), y: from },
      { x: header + (service === "supply" ? 0 : fromLeft ? 120 : -120), y },
      { x: far, y },
    ].map(toWorld),
  });
  return [
    line("supply", supplyY, cdus.maxY - quarter),
    line("return", returnY, cdus.minY + quarter),
  ];
}

/** Racks of a module by row, as their slots name them: `rack-<row>-<nn>`. */
function rowsOf(members: readonly Item[]): readonly (readonly Item[])[] {
  const rows = new Map<string, Item[]>();
  for (const member of members) {
    if (member.kind !== "rack") continue;
    const row = /\/rack-(\d+)-/.exec(member.id)?.[1] ?? "";
    const own = rows.get(row);
    if (own === undefined) rows.set(row, [member]);
    else own.push(member);
  }
  return [...rows.values()];
}
