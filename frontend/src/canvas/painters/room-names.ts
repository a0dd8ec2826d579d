/** Names of halls and zones, in the first corner where nothing stands or runs. */
import { touches, type Box } from "../../base/box";
import { boxCorners, pathTouchesRing } from "../../base/polygon";
import type { Boxes, Scene, SceneDoor } from "../scene";
import { SANS, type Skin } from "../skin";
import { screenX, screenY, visibleBox, type View } from "../view";
import type { Context } from "./shapes";

const TEXT_PX = 11;
const ASIDE_PX = 10;
const SPACING_PX = 0.6;
/** Names looked after at most; from farther away they would cover the plan anyway. */
const MOST_NAMES = 60;

interface Room {
  readonly name: string;
  readonly box: Box;
}

export function paintRoomNames(
  ctx: Context,
  view: View,
  scene: Scene,
  skin: Skin,
  byKind: readonly (readonly number[])[],
): void {
  const { ratio } = view;
  const seen = visibleBox(view);
  const rooms: Room[] = [...scene.halls, ...scene.zones]
    .filter(({ box, name }) => name !== "" && touches(box, seen))
    .slice(0, MOST_NAMES);
  ctx.font = `400 ${TEXT_PX * ratio}px ${SANS}`;
  ctx.letterSpacing = `${SPACING_PX * ratio}px`;
  ctx.fillStyle = skin.palette.textThird;
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  const doors = scene.doors.map(swept);
  for (const { name, box } of rooms) {
    const text = name.toUpperCase();
    const lines = scene.runs.filter((run) => touches(run.box, box));
    const room = roomFor(ctx.measureText(text).width / view.scale, (TEXT_PX * ratio) / view.scale, {
      box,
      aside: (ASIDE_PX * ratio) / view.scale,
      isFree: (place) =>
        !doors.some((door) => touches(door, place)) &&
        !lines.some(
          (line) => touches(line.box, place) && pathTouchesRing(line.points, boxCorners(place)),
        ) &&
        isFree(scene.boxes, byKind, place),
    });
    if (room !== null) ctx.fillText(text, screenX(view, room.minX), screenY(view, room.minY));
  }
  ctx.letterSpacing = "0px";
}

/** The first corner of a room, from the bottom left, where a text has a free place, else below it. */
export function roomFor(
  width: number,
  height: number,
  where: {
    readonly box: Box;
    readonly aside: number;
    readonly isFree: (place: Box) => boolean;
  },
): Box | null {
  const { box, aside, isFree: free } = where;
  const right = box.maxX - aside - width;
  const top = box.maxY - aside - height;
  if (right < box.minX + aside || top < box.minY + aside) return null;
  for (const minY of [box.minY + aside, top]) {
    for (const minX of [box.minX + aside, right, (box.minX + box.maxX - width) / 2]) {
      const place = { minX, minY, maxX: minX + width, maxY: minY + height };
      if (free(place)) return place;
    }
  }
  const maxY = box.minY - aside;
  const below = { minX: box.minX, minY: maxY - height, maxX: box.minX + width, maxY };
  return free(below) ? below : null;
}

function isFree(
  { minX, minY, maxX, maxY }: Boxes,
  byKind: readonly (readonly number[])[],
  place: Box,
): boolean {
  for (const indices of byKind) {
    for (const index of indices) {
      if (
        (minX[index] ?? 0) < place.maxX &&
        (maxX[index] ?? 0) > place.minX &&
        (minY[index] ?? 0) < place.maxY &&
        (maxY[index] ?? 0) > place.minY
      ) {
        return false;
      }
    }
  }
  return true;
}

/** The square in which the leaf of a door swings, on whichever side. */
const swept = ({ at, width }: SceneDoor): Box => ({
  minX: at.x - width,
  minY: at.y - width,
  maxX: at.x + width,
  maxY: at.y + width,
});
