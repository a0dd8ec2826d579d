/** What the parts of a review page share: events, and points of a sheet. */

/** Where a point of the window is on a sheet, in mm of paper. */
export function onSheet(sheet: SVGSVGElement, clientX: number, clientY: number): DOMPoint {
  return new DOMPoint(clientX, clientY).matrixTransform(sheet.getScreenCTM()?.inverse());
}

/** What an event happened on or in. */
export function within(event: Event, selector: string): Element | null {
  return event.target instanceof Element ? event.target.closest(selector) : null;
}

/** Follows a pressed pointer until it is let go, or taken away. */
export function drag(
  target: HTMLElement | SVGElement,
  { pointerId }: PointerEvent,
  moved: (event: PointerEvent) => void,
): void {
  const ended = new AbortController();
  const { signal } = ended;
  target.setPointerCapture(pointerId);
  target.addEventListener("pointermove", moved as EventListener, { signal });
  for (const end of ["pointerup", "pointercancel"])
    target.addEventListener(
      end,
      () => {
        ended.abort();
      },
      { signal },
    );
}

export function whenClicked(
  selector: string,
  act: (each: HTMLElement, event: Event) => void,
): void {
  for (const each of document.querySelectorAll<HTMLElement>(selector))
    each.addEventListener("click", (event) => {
      act(each, event);
    });
}
