/** Pixels that a press may wander and still be a click. */
export const DRAG_PX = 4;
/** Pixels within which a thing is hit. */
export const HIT_PX = 6;
/** The same under a finger, which covers what it points at. */
export const TOUCH_HIT_PX = 16;
