/** Findings over the plan: what they are about hatched, and a marker that says what is wrong. */
import type { LiveFinding } from "../live";
import type { Marker } from "../markers";
import type { Palette } from "../palette";
import { SANS } from "../skin";
import { visibleBox, type View } from "../view";
import { paintHatched } from "./outlines";
import type { Context } from "./shapes";

export function paintFindings(
  ctx: Context,
  view: View,
  findings: readonly LiveFinding[],
  markers: readonly Marker[],
  palette: Palette,
): void {
  const seen = visibleBox(view);
  for (const { at, rings, severity, focused } of findings) {
    if (severity !== "blocking" && !focused) continue;
    if (at.x < seen.minX || at.x > seen.maxX || at.y < seen.minY || at.y > seen.maxY) continue;
    for (const ring of rings) paintHatched(ctx, view, ring, palette);
  }
  ctx.font = markerFont(view.ratio);
  for (const marker of markers) paintMarker(ctx, view.ratio, marker, palette);
}

/** What the words of markers are set in, and measured by. */
export const markerFont = (ratio: number): string => `500 ${String(11 * ratio)}px ${SANS}`;

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
