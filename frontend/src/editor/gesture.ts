/** Pixels that a press may wander and still be a click. */
export const DRAG_PX = 4;
/** Pixels within which a thing is hit. */
export const HIT_PX = 6;
