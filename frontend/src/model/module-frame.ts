import { direction, rotate } from "../base/vec2";
import type { Path, Placement, Point } from "./element";
import { quantiseAngle, quantiseLength } from "./quantise";

/** A place in the frame of a module, as one in the world. `width` is that of the thing itself. */
export function worldPlacement(
  module: Placement,
  spot: Pick<Placement, "x_mm" | "y_mm" | "rotation_deg">,
  width: number,
): Placement {
  let x = spot.x_mm;
  let y = spot.y_mm;
  let turn = spot.rotation_deg;
  if (module.mirrored === true) {
    // The mirror image of the front-right corner is the new front-left one.
    const { x: cos, y: sin } = direction(turn);
    x = -(x + width * cos);
    y += width * sin;
    turn = -turn;
  }
  const { x: cos, y: sin } = direction(module.rotation_deg);
  return {
    x_mm: quantiseLength(module.x_mm + cos * x - sin * y),
    y_mm: quantiseLength(module.y_mm + sin * x + cos * y),
    rotation_deg: quantiseAngle(module.rotation_deg + turn),
  };
}

/** The way back: a place in the world, as one in the frame of a module. */
export function moduleFramePlacement(
  module: Placement,
  world: Placement,
  width: number,
): Placement {
  const away = { x: world.x_mm - module.x_mm, y: world.y_mm - module.y_mm };
  let { x, y } = rotate(away, -module.rotation_deg);
  let turn = world.rotation_deg - module.rotation_deg;
  if (module.mirrored === true) {
    turn = -turn;
    const { x: cos, y: sin } = direction(turn);
    x = -x - width * cos;
    y -= width * sin;
  }
  return {
    x_mm: quantiseLength(x),
    y_mm: quantiseLength(y),
    rotation_deg: quantiseAngle(turn),
  };
}

/** A line in the frame of a module, as one in the world. */
export function worldPath(module: Placement, path: Path): Path {
  const { x: cos, y: sin } = direction(module.rotation_deg);
  const points_mm = path.points_mm.map(([along, y]): Point => {
    const x = module.mirrored === true ? -along : along;
    return [
      quantiseLength(module.x_mm + cos * x - sin * y),
      quantiseLength(module.y_mm + sin * x + cos * y),
    ];
  });
  return { ...path, points_mm };
}

/** The way back: a line in the world, as one in the frame of a module. */
export function moduleFramePath(module: Placement, path: Path): Path {
  const points_mm = path.points_mm.map(([px, py]): Point => {
    const { x, y } = rotate({ x: px - module.x_mm, y: py - module.y_mm }, -module.rotation_deg);
    return [quantiseLength(module.mirrored === true ? -x : x), quantiseLength(y)];
  });
  return { ...path, points_mm };
}
