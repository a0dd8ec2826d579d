/**
 * How wide words are in a font, measured once each. Measured by the canvas that shows them:
 * the figures of one that hangs on the page are as wide as the page's style has them.
 */
export function textWidth(font: string, canvas: HTMLCanvasElement): (text: string) => number {
  const known = new Map<string, number>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const pen = canvas.getContext("2d");
    if (pen === null) return 0;
    pen.save();
    pen.font = font;
    const { width } = pen.measureText(text);
    pen.restore();
    // Another font stands in until this one is there.
    if (document.fonts.status === "loaded") known.set(text, width);
    return width;
  };
}
