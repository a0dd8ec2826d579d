/** Turns the items of a design into what the renderer draws. */
import { centreOf, holds, union, type Box } from "../base/box";
import { cornersOf } from "../base/oriented-box";
import { direction } from "../base/vec2";
import { isDeparture } from "../editor/overrides";
import { halfWidthMm, pipeOffsetMm } from "../model/run";
import type { Vec2 } from "../base/vec2";
import type { Item } from "../model/item";
import type { Member } from "../model/modules";
import {
  BOX_KINDS,
  FLAG_COLD,
  FLAG_LOCKED,
  FLAG_OWN,
  FLAG_SIDE_B,
  packBoxes,
  type BoxInput,
  type BoxKind,
  type Scene,
  type SceneDimension,
  type SceneDoor,
  type SceneHall,
  type SceneModule,
  type SceneNote,
  type SceneRun,
  type SceneZone,
} from "./scene";

const KNOWN: ReadonlySet<string> = new Set(BOX_KINDS);
const DOOR_SWINGS = ["left", "right", "double", "sliding"] as const;

export interface SceneOptions {
  /** Letters of a tile row, counted from the hall's first. */
  readonly rowLabel: (hall: Item, row: number) => string;
  readonly hides: (item: Item) => boolean;
}

export function buildScene(items: Iterable<Item>, options: SceneOptions): Scene {
  const boxes: BoxInput[] = [];
  const halls: SceneHall[] = [];
  const zones: SceneZone[] = [];
  const doors: SceneDoor[] = [];
  const dimensions: SceneDimension[] = [];
  const notes: SceneNote[] = [];
  const runs: Item[] = [];
  const moduleItems: Item[] = [];
  const obstacles: Item[] = [];
  const members = new Map<string, Item[]>();
  let extent: Box | null = null;

  for (const item of items) {
    if (item.hidden || options.hides(item)) continue;
    extent = extent === null ? item.box : union([extent, item.box]);
    if (item.moduleId !== null) {
      const siblings = members.get(item.moduleId);
      if (siblings === undefined) members.set(item.moduleId, [item]);
      else siblings.push(item);
    }
    const { element, kind } = item;
    if (item.moduleId === null && (KNOWN.has(kind) || kind === "module")) obstacles.push(item);
    if (KNOWN.has(kind)) boxes.push(boxOf(item, kind as BoxKind));
    else if (kind === "hall") halls.push(hallOf(item, options));
    else if (kind === "keepout" || kind === "area") {
      zones.push({ id: item.id, kind, ring: item.ring, box: item.box, name: item.tag });
    } else if (kind === "door") doors.push(doorOf(item));
    else if (kind === "module") moduleItems.push(item);
    else if (item.path !== null) runs.push(item);
    else if (kind === "dimension" && element.line) {
      const { from_x_mm, from_y_mm, to_x_mm, to_y_mm, offset_mm } = element.line;
      dimensions.push({
        id: item.id,
        from: { x: from_x_mm, y: from_y_mm },
        to: { x: to_x_mm, y: to_y_mm },
        offset: offset_mm,
      });
    } else if (kind === "note" && element.text && element.placement) {
      const { x_mm, y_mm } = element.placement;
      notes.push({
        id: item.id,
        at: { x: x_mm, y: y_mm },
        text: element.text.text,
        height: element.text.height_mm,
      });
    }
  }

  const packed = packBoxes(boxes);
  return {
    boxes: packed,
    index: new Map(packed.ids.map((id, index) => [id, index])),
    halls,
    zones,
    doors,
    modules: modulesOf(moduleItems, members, obstacles, halls),
    runs: runsAlong(runs, members, obstacles),
    dimensions,
    notes,
    extent,
  };
}

function runsAlong(
  runs: readonly Item[],
  members: ReadonlyMap<string, readonly Item[]>,
  obstacles: readonly Item[],
): readonly SceneRun[] {
  const boxesOf = (items: Iterable<Item>): readonly Box[] =>
    [...items].filter(({ kind }) => kind === "cdu").map(({ box }) => box);
  // A module's pipes begin at its own units; only the few others may begin anywhere.
  const everywhere = runs.some(({ moduleId }) => moduleId === null)
    ? boxesOf([...obstacles, ...[...members.values()].flat()])
    : [];
  return runs.flatMap((item): readonly SceneRun[] => {
    const { id, element, moduleId, path, box, tag } = item;
    if (path === null) return [];
    const kind = item.kind as SceneRun["kind"];
    const cdus = moduleId === null ? everywhere : boxesOf(members.get(moduleId) ?? []);
    return [
      {
        id,
        kind,
        tag,
        isMember: moduleId !== null,
        points: path,
        box,
        half: kind === "pipe" ? pipeOffsetMm(element) : halfWidthMm(element),
        side: element.identity?.side ?? null,
        isWater: element.pipe?.service === "fws",
        flow: kind === "pipe" && element.pipe?.service !== "fws" ? flowAlong(path, cdus) : 0,
      },
    ];
  });
}

/** Away from the cooling unit at one end; between two, nothing says where the streams meet. */
function flowAlong(path: readonly Vec2[], cdus: readonly Box[]): SceneRun["flow"] {
  const isFed = (at: Vec2 | undefined): boolean =>
    at !== undefined &&
    cdus.some(
      (box) => at.x >= box.minX && at.x <= box.maxX && at.y >= box.minY && at.y <= box.maxY,
    );
  const [atStart, atEnd] = [isFed(path[0]), isFed(path.at(-1))];
  return atStart === atEnd ? 0 : atStart ? 1 : -1;
}

function boxOf(item: Item, kind: BoxKind): BoxInput {
  const { element } = item;
  const flags =
    (element.identity?.side === "B" ? FLAG_SIDE_B : 0) |
    (element.containment?.aisle === "cold" ? FLAG_COLD : 0) |
    // The label of a module says that it is locked, once for all its members.
    (item.locked && item.moduleId === null ? FLAG_LOCKED : 0) |
    ((element as Member).overridden?.some(isDeparture) ? FLAG_OWN : 0);
  return {
    id: item.id,
    kind,
    tag: item.tag,
    corners: item.rect === null ? item.ring : cornersOf(item.rect),
    flags,
  };
}

function hallOf(item: Item, options: SceneOptions): SceneHall {
  const tiles = item.element.tiles;
  return {
    id: item.id,
    ring: item.ring,
    box: item.box,
    name: item.element.identity?.name ?? item.tag,
    tiles:
      tiles === undefined
        ? null
        : {
            originX: tiles.origin_x_mm,
            originY: tiles.origin_y_mm,
            pitch: tiles.pitch_mm,
            rowLabel: (row) => options.rowLabel(item, row),
          },
  };
}

function doorOf(item: Item): SceneDoor {
  const { placement, door } = item.element;
  const turn = placement?.rotation_deg ?? 0;
  return {
    id: item.id,
    at: { x: placement?.x_mm ?? 0, y: placement?.y_mm ?? 0 },
    along: direction(turn),
    into: direction(turn + 90),
    width: door?.width_mm ?? 0,
    swing: DOOR_SWINGS.find((swing) => swing === door?.swing) ?? "left",
  };
}

function modulesOf(
  modules: readonly Item[],
  members: ReadonlyMap<string, readonly Item[]>,
  obstacles: readonly Item[],
  halls: readonly SceneHall[],
): readonly SceneModule[] {
  const fromLeft = [...obstacles].sort((a, b) => a.box.minX - b.box.minX);
  return modules.map((item) => {
    const own = members.get(item.id) ?? [];
    const racks = own.filter((member) => member.kind === "rack");
    const rowsBox = union(racks.map((rack) => rack.box)) ?? item.box;
    const aisle = own.find((member) => member.kind === "containment");
    return {
      id: item.id,
      tag: item.tag,
      isLocked: item.locked,
      box: item.box,
      centre: centreOf(aisle?.box ?? rowsBox),
      roomRight: Math.min(roomRightOf(item, fromLeft), roomToWall(item, halls)),
      rowsBox,
    };
  });
}

const UNBOUNDED_MM = 1e7;

function roomRightOf(item: Item, fromLeft: readonly Item[]): number {
  // The first thing that starts to the right and shares a height with this one.
  let low = 0;
  let high = fromLeft.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((fromLeft[mid]?.box.minX ?? 0) < item.box.maxX) low = mid + 1;
    else high = mid;
  }
  for (let index = low; index < fromLeft.length; index += 1) {
    const other = fromLeft[index];
    if (other === undefined) break;
    if (other.box.minY < item.box.maxY && other.box.maxY > item.box.minY) {
      return other.box.minX - item.box.maxX;
    }
  }
  return UNBOUNDED_MM;
}

function roomToWall({ box }: Item, halls: readonly SceneHall[]): number {
  const hall = halls.find(({ box: outer }) => holds(outer, box));
  return hall === undefined ? UNBOUNDED_MM : hall.box.maxX - box.maxX;
}
