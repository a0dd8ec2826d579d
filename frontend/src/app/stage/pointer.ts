/** Turns the browser's pointer, touch and wheel events into the editor's. */
import type { Vec2 } from "../../base/vec2";
import type { Editor } from "../../editor/editor";
import type { PointerInput } from "../../editor/input";

const MENU_SLOP_PX = 4;
const CLICK_SLOP_PX = 5;
const CLICK_MS = 400;
const LONG_PRESS_MS = 500;
const PICK_PX = 4;
const WHEEL_ZOOM = 0.0015;
const PINCH_ZOOM = 0.01;
/** A wheel notch is at least this much; a trackpad scrolls in smaller steps and both ways. */
const NOTCH_PX = 50;

/** Ends of listening, and where to open the menu. */
export interface PointerPorts {
  readonly editor: Editor;
  readonly node: HTMLElement;
  readonly openMenu: (at: Vec2) => void;
  readonly closeMenu: () => void;
  /** What a click at a point of the screen does in place of the tool; null: the tool has it. */
  readonly clickAt: (at: Vec2) => (() => void) | null;
}

export function listenToPointer({
  editor,
  node,
  openMenu,
  closeMenu,
  clickAt,
}: PointerPorts): () => void {
  const touches = new Map<number, Vec2>();
  let pinch: { middle: Vec2; spread: number } | null = null;
  let secondary: { from: Vec2; moved: boolean } | null = null;
  let lastDown: { at: Vec2; time: number; clicks: number } | null = null;
  let longPress: ReturnType<typeof setTimeout> | undefined;
  let pressedAt: Vec2 = { x: 0, y: 0 };
  let pressed: { readonly act: () => void; readonly input: PointerInput } | null = null;
  /** Fingers put down together that have not moved: two take back, three bring back. */
  let tap: { fingers: number; readonly time: number } | null = null;

  const screenOf = (event: MouseEvent): Vec2 => {
    const box = node.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const inputOf = (event: PointerEvent, button: number, clicks = 1): PointerInput => ({
    screen: screenOf(event),
    button,
    clicks,
    shift: event.shiftKey,
    ctrl: event.ctrlKey || event.metaKey,
    alt: event.altKey,
    isTouch: event.pointerType === "touch",
  });
  const countClicks = (at: Vec2, time: number): number => {
    const again =
      lastDown !== null &&
      time - lastDown.time < CLICK_MS &&
      Math.hypot(at.x - lastDown.at.x, at.y - lastDown.at.y) < CLICK_SLOP_PX;
    const clicks = again && lastDown !== null ? lastDown.clicks + 1 : 1;
    lastDown = { at, time, clicks };
    return clicks;
  };
  /** The menu is about what lies under it. */
  const takeUnder = (at: Vec2): void => {
    const id = editor.picker.at(editor.camera.toWorld(at), editor.camera.mm(PICK_PX));
    if (id !== null && !editor.selection.has(id)) editor.selection.set([id]);
  };
  const pinchOf = (): { middle: Vec2; spread: number } | null => {
    const [a, b] = [...touches.values()];
    if (a === undefined || b === undefined) return null;
    return {
      middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 },
      spread: Math.hypot(a.x - b.x, a.y - b.y) || 1,
    };
  };

  const down = (event: PointerEvent): void => {
    closeMenu();
    node.focus({ preventScroll: true });
    node.setPointerCapture(event.pointerId);
    const at = screenOf(event);
    if (event.pointerType === "touch") {
      touches.set(event.pointerId, at);
      clearTimeout(longPress);
      if (touches.size === 1) {
        pressedAt = at;
        tap = { fingers: 1, time: event.timeStamp };
      } else if (tap !== null) tap.fingers = touches.size;
      if (touches.size > 2) return;
      if (touches.size === 2) {
        pressed = null;
        editor.tools.interrupt();
        pinch = pinchOf();
        return;
      }
      longPress = setTimeout(() => {
        editor.tools.interrupt();
        takeUnder(at);
        openMenu({ x: event.clientX, y: event.clientY });
      }, LONG_PRESS_MS);
    }
    if (event.button === 2) {
      secondary = { from: at, moved: false };
      return;
    }
    const input = inputOf(event, event.button, countClicks(at, event.timeStamp));
    const act = event.button === 0 ? clickAt(at) : null;
    if (act !== null) {
      pressed = { act, input };
      return;
    }
    editor.tools.pointerDown(input);
    if (event.button === 1) event.preventDefault();
  };

  const move = (event: PointerEvent): void => {
    const at = screenOf(event);
    const before = touches.get(event.pointerId);
    if (before !== undefined) {
      touches.set(event.pointerId, at);
      const from = touches.size > 1 ? before : pressedAt;
      if (Math.hypot(at.x - from.x, at.y - from.y) > CLICK_SLOP_PX) {
        clearTimeout(longPress);
        tap = null;
      }
      if (pinch !== null) {
        const next = pinchOf();
        if (next === null) return;
        editor.camera.panBy(next.middle.x - pinch.middle.x, next.middle.y - pinch.middle.y);
        editor.camera.zoomAt(next.middle, next.spread / pinch.spread);
        pinch = next;
        return;
      }
    }
    if (secondary !== null) {
      const [dx, dy] = [at.x - secondary.from.x, at.y - secondary.from.y];
      if (!secondary.moved && Math.hypot(dx, dy) < MENU_SLOP_PX) return;
      editor.camera.panBy(dx, dy);
      secondary = { from: at, moved: true };
      return;
    }
    if (pressed !== null) {
      const from = pressed.input.screen;
      if (Math.hypot(at.x - from.x, at.y - from.y) <= CLICK_SLOP_PX) return;
      // Dragged, not clicked: the tool has it from where it began.
      editor.tools.pointerDown(pressed.input);
      pressed = null;
    }
    node.dataset["over"] = event.buttons === 0 && clickAt(at) !== null ? "marker" : "plan";
    editor.tools.pointerMove(inputOf(event, event.buttons === 0 ? -1 : buttonOf(event.buttons)));
  };

  const up = (event: PointerEvent): void => {
    clearTimeout(longPress);
    touches.delete(event.pointerId);
    if (pinch !== null) {
      if (touches.size > 0) return;
      pinch = null;
      if (tap !== null && event.timeStamp - tap.time < CLICK_MS) {
        editor.commands.run(tap.fingers === 2 ? "edit.undo" : "edit.redo");
      }
      tap = null;
      return;
    }
    if (event.button === 2) {
      const stood = secondary !== null && !secondary.moved;
      secondary = null;
      if (stood) {
        takeUnder(screenOf(event));
        openMenu({ x: event.clientX, y: event.clientY });
      }
      return;
    }
    if (pressed !== null) {
      const { act } = pressed;
      pressed = null;
      act();
      return;
    }
    editor.tools.pointerUp(inputOf(event, event.button));
  };

  const lost = (event: PointerEvent): void => {
    clearTimeout(longPress);
    touches.delete(event.pointerId);
    pinch = null;
    secondary = null;
    pressed = null;
    editor.tools.interrupt();
  };

  const leave = (): void => {
    editor.pointerAt.set(null);
    editor.selection.hover.set(null);
  };

  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const at = screenOf(event);
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const [dx, dy] = [event.deltaX * pixels, event.deltaY * pixels];
    if (event.ctrlKey) {
      editor.camera.zoomAt(at, Math.exp(-dy * PINCH_ZOOM));
    } else if (event.shiftKey) {
      editor.camera.panBy(-(dx || dy), 0);
    } else if (dx !== 0 || Math.abs(dy) < NOTCH_PX) {
      editor.camera.panBy(-dx, -dy);
    } else {
      editor.camera.zoomAt(at, Math.exp(-dy * WHEEL_ZOOM));
    }
  };

  const menu = (event: Event): void => {
    event.preventDefault();
  };

  node.addEventListener("pointerdown", down);
  node.addEventListener("pointermove", move);
  node.addEventListener("pointerup", up);
  node.addEventListener("pointercancel", lost);
  node.addEventListener("pointerleave", leave);
  node.addEventListener("wheel", wheel, { passive: false });
  node.addEventListener("contextmenu", menu);
  return () => {
    clearTimeout(longPress);
    node.removeEventListener("pointerdown", down);
    node.removeEventListener("pointermove", move);
    node.removeEventListener("pointerup", up);
    node.removeEventListener("pointercancel", lost);
    node.removeEventListener("pointerleave", leave);
    node.removeEventListener("wheel", wheel);
    node.removeEventListener("contextmenu", menu);
  };
}

/** The button that is held, from the bit field of a move. */
function buttonOf(buttons: number): number {
  if (buttons & 1) return 0;
  if (buttons & 4) return 1;
  return 2;
}
