import type { Tool } from "../tool";
import { ARRAY } from "./array";
import { DIMENSION } from "./dimension";
import { FENCE, LASSO } from "./lasso";
import { MEASURE } from "./measure";
import { AREA, HALL, KEEPOUT, SKETCH } from "./outlines";
import { PAN } from "./pan";
import { PLACE } from "./place";
import { PIPE, TRAY } from "./route";
import { SELECT } from "./select";
import { ZOOM_WINDOW } from "./zoom-window";

/** Every tool there is. */
export const ALL_TOOLS: readonly Tool[] = [
  SELECT,
  LASSO,
  FENCE,
  PAN,
  ZOOM_WINDOW,
  PLACE,
  HALL,
  KEEPOUT,
  AREA,
  PIPE,
  TRAY,
  SKETCH,
  ARRAY,
  MEASURE,
  DIMENSION,
];
