/** How wide words are in a font, measured once each. */
export function textWidth(font: string): (text: string) => number {
  const pen = document.createElement("canvas").getContext("2d");
  const known = new Map<string, number>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (pen === null) return 0;
    pen.font = font;
    const { width } = pen.measureText(text);
    // Another font stands in until this one is there.
    if (document.fonts.status === "loaded") known.set(text, width);
    return width;
  };
}
