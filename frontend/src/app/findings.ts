/** Findings for people: glyphs, figures, and the way to where they are. */
import { boxAround } from "../base/box";
import type { Vec2 } from "../base/vec2";
import { unitOf, type Finding } from "../model/evaluation";
import { formatNumber } from "../editor/units";
import type { App } from "./context";

const GLYPHS = { blocking: "▲", warning: "●", note: "○" } as const;
const RANK = { blocking: 0, warning: 1, note: 2 } as const;

export const severityGlyph = (severity: Finding["severity"]): string => GLYPHS[severity];

/** Worst first, waived last. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (a, b) =>
      Number(a.waiver !== null) - Number(b.waiver !== null) ||
      RANK[a.severity] - RANK[b.severity] ||
      a.rule.localeCompare(b.rule),
  );
}

export function amount(value: number | null, { unit, decimals_apart = 0 }: Finding): string {
  if (value === null) return "";
  if (unit === "fraction") {
    return `${formatNumber(value * 100, Math.max(1, decimals_apart - 2))} %`;
  }
  const decimals = Math.max(Math.abs(value) < 10 ? 2 : 1, decimals_apart);
  return `${formatNumber(value, decimals)} ${unitOf(value, unit)}`.trim();
}

const BOUNDS = { limit: "at most", required: "at least", expected: "about" } as const;

/** What a measure is held against, and whether it may be more or less. */
export function against(finding: Finding): string {
  const { required, bound } = finding;
  const words = bound === null || bound === undefined ? "" : BOUNDS[bound];
  return `${required === null ? "" : words} ${amount(required, finding)}`.trim();
}

const LEAST_BOX_MM = 4000;
/** Places nearer to each other than this do not come apart by zooming once. */
const LEAST_APART_PX = 12;

/** What a click on a marker shows: its finding, or its findings apart from each other. */
export function showMarked(
  app: App,
  members: readonly { readonly id: string; readonly at: Vec2 }[],
): void {
  const { editor, ui } = app;
  const [first] = members;
  if (first === undefined) return;
  const box = boxAround(members.map(({ at }) => at));
  const apart = box === null ? 0 : Math.max(box.maxX - box.minX, box.maxY - box.minY);
  if (members.length > 1 && editor.camera.view.get().zoom * apart > LEAST_APART_PX && box) {
    editor.camera.fit(box, 120);
    return;
  }
  // All in one place: one after the other.
  const now = members.findIndex(({ id }) => id === ui.focusedFinding.get());
  const next = members[(now + 1) % members.length];
  const finding = editor.results.state.get().result?.findings.find(({ id }) => id === next?.id);
  if (finding === undefined) return;
  ui.showDock("findings");
  zoomTo(app, finding);
}

/** Selects what a finding is about and brings it to the middle. */
export function zoomTo({ editor, ui }: App, finding: Finding): void {
  ui.focusedFinding.set(finding.id);
  const ids = finding.element_ids.filter((id) => editor.document.item(id) !== undefined);
  const [first] = ids;
  if (first?.includes("/")) editor.selection.entered.set(first.slice(0, first.indexOf("/")));
  if (ids.length > 0) editor.selection.set(ids);
  const box = editor.extent(ids);
  if (box !== null) {
    const pad = Math.max(0, LEAST_BOX_MM - Math.max(box.maxX - box.minX, box.maxY - box.minY)) / 2;
    editor.camera.fit(
      { minX: box.minX - pad, minY: box.minY - pad, maxX: box.maxX + pad, maxY: box.maxY + pad },
      120,
    );
  } else if (finding.at_mm !== null) {
    editor.camera.centreOn({ x: finding.at_mm[0], y: finding.at_mm[1] });
  }
  ui.spoken.set(`${finding.title}. ${finding.detail}`);
}
