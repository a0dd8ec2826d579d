/** Findings over the plan: what they are about hatched, and a marker that says what is wrong. */
import type { LiveFinding } from "../live";
import { markersOf, type Marker, type PlacedFinding } from "../markers";
import type { Palette } from "../palette";
import { SANS } from "../skin";
import { screenX, screenY, visibleBox, type View } from "../view";
import { paintHatched } from "./outlines";
import type { Context } from "./shapes";

export function paintFindings(
  ctx: Context,
  view: View,
  findings: readonly LiveFinding[],
  palette: Palette,
): void {
  const { ratio } = view;
  const seen = visibleBox(view);
  const placed: PlacedFinding[] = [];
  for (const finding of findings) {
    const { x, y } = finding.at;
    if (x < seen.minX || x > seen.maxX || y < seen.minY || y > seen.maxY) continue;
    if (finding.severity === "blocking" || finding.focused) {
      for (const ring of finding.rings) paintHatched(ctx, view, ring, palette);
    }
    placed.push({ finding, x: screenX(view, x) / ratio, y: screenY(view, y) / ratio });
  }
  ctx.font = `500 ${11 * ratio}px ${SANS}`;
  const widthOf = (text: string): number => ctx.measureText(text).width / ratio;
  for (const marker of markersOf(placed, view.width / ratio, widthOf)) {
    paintMarker(ctx, ratio, marker, palette);
  }
}

function paintMarker(
  ctx: Context,
  ratio: number,
  { box, pad, glyphWidth, severity, text, isFocused }: Marker,
  palette: Palette,
): void {
  const colour = severity === "blocking" ? palette.violation : palette.warn;
  const glyph = severity === "blocking" ? "▲" : severity === "warning" ? "●" : "○";
  const left = Math.round(box.minX * ratio) + 0.5;
  const top = Math.round(box.minY * ratio) + 0.5;
  const middle = ((box.minY + box.maxY) / 2 + 1) * ratio;
  ctx.beginPath();
  ctx.roundRect(
    left,
    top,
    Math.round((box.maxX - box.minX) * ratio),
    Math.round((box.maxY - box.minY) * ratio),
    2 * ratio,
  );
  ctx.fillStyle = palette.surface;
  ctx.fill();
  ctx.strokeStyle = colour;
  ctx.lineWidth = (isFocused ? 2 : 1) * ratio;
  ctx.stroke();
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.fillStyle = colour;
  ctx.fillText(glyph, left + (pad - 1) * ratio, middle);
  ctx.fillStyle = palette.text;
  ctx.fillText(text, left + (pad + glyphWidth) * ratio, middle);
}
