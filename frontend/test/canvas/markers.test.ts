import { describe, expect, test } from "vitest";
import type { LiveFinding } from "../../src/canvas/live";
import { findingMarkers } from "../../src/canvas/live-layer";
import { markerAt, markersOf, type PlacedFinding } from "../../src/canvas/markers";
import type { Evaluation, Finding } from "../../src/model/evaluation";
import { bench, hall, id, rack } from "../fixtures";

const widthOf = (text: string): number => text.length * 7;

function placed(
  x: number,
  y: number,
  severity: LiveFinding["severity"],
  label: string,
  focused = false,
): PlacedFinding {
  const at = { x: 0, y: 0 };
  return { x, y, finding: { id: label, rings: [], at, label, severity, focused } };
}

describe("markers of findings", () => {
  test("near ones share a marker that counts them and shows the worst", () => {
    const [marker, ...others] = markersOf(
      [placed(100, 100, "warning", "a"), placed(130, 105, "blocking", "b")],
      1000,
      widthOf,
    );

    expect(others).toEqual([]);
    expect(marker).toMatchObject({ text: "2 findings", severity: "blocking" });
  });

  test("what would lie over a worse one keeps its sign only", () => {
    const long = "1 000 < 1 067 mm";
    const markers = markersOf(
      [placed(180, 100, "warning", "46 > 41 °C"), placed(100, 100, "blocking", long)],
      1000,
      widthOf,
    );

    expect(markers.map(({ text }) => text)).toEqual(["", long]);
  });

  test("the focused one says its words and lies on top", () => {
    const markers = markersOf(
      [placed(100, 100, "blocking", "b"), placed(180, 100, "note", "mine", true)],
      1000,
      widthOf,
    );

    expect(markers.at(-1)).toMatchObject({ text: "mine", isFocused: true });
  });

  test("a crowd is counted, not worded, and never buries the plan", () => {
    const crowd = [...Array(200).keys()].map((at) =>
      placed((at % 20) * 60, Math.floor(at / 20) * 60, "warning", "3 690.7 > 3 000 kW"),
    );

    const markers = markersOf(crowd, 1400, widthOf);

    expect(markers.length).toBeLessThanOrEqual(24);
    expect(markers.map(({ text }) => text).join("")).not.toContain("kW");
    expect(markers.flatMap(({ members }) => members)).toHaveLength(200);
  });

  test("of those under a point the one on top is clicked", () => {
    const markers = markersOf(
      [placed(180, 100, "warning", "below"), placed(100, 100, "blocking", "1 000 < 1 067 mm")],
      1000,
      widthOf,
    );

    expect(markerAt(markers, 190, 100)?.severity).toBe("blocking");
    expect(markerAt(markers, 190, 300)).toBeNull();
  });

  test("no marker leaves the plan on the right", () => {
    const [marker] = markersOf([placed(990, 100, "note", "close to the edge")], 1000, widthOf);

    expect(marker?.box.maxX).toBeLessThan(1000);
  });

  test("a thing outside its hall is hatched, not the hall", async () => {
    const { editor } = await bench([hall(9, 12_000, 6000), rack(1, 20_000, 0)]);
    const outside = (ids: readonly string[]): Evaluation =>
      ({
        findings: [
          {
            ...({} as Finding),
            id: "f",
            rule: "SPC-OUTSIDE",
            severity: "blocking",
            element_ids: ids,
            at_mm: null,
            measured: null,
            required: null,
            waiver: null,
          },
        ],
      }) as unknown as Evaluation;
    const ringsOf = (ids: readonly string[]): unknown =>
      findingMarkers(editor.document, outside(ids), null, false)[0]?.rings;

    expect(ringsOf([id(9), id(1)])).toEqual([editor.document.item(id(1))?.ring]);
    expect(ringsOf([...Array(9).keys()].map(() => id(1)))).toEqual([]);
    expect(ringsOf([id(9)])).toEqual([editor.document.item(id(9))?.ring]);
  });
});
