import { describe, expect, it } from "vitest";
import { systemLinks, wantedIds } from "../../src/app/system-links";
import type { ElementId } from "../../src/model/element";

const id = "0198/cdu-1" as ElementId;

describe("addresses between the editor and the system views", () => {
  it("reads the elements that an address asks to show", () => {
    expect(wantedIds("?select=a,b%2Frack-1")).toEqual(["a", "b/rack-1"]);
    expect(wantedIds("?select=")).toEqual([]);
    expect(wantedIds("?x=1")).toEqual([]);
  });

  it("leads from a CDU to its loop and to its loss", () => {
    expect(systemLinks("d", "cdu", id)).toEqual([
      { label: "Loop", href: "/designs/d/loops/?at=0198%2Fcdu-1#at" },
      { label: "Lose it", href: "/designs/d/lose-one/?lost=0198%2Fcdu-1#one" },
    ]);
  });

  it("leads from a busway to the one-line diagram, and from a wall nowhere", () => {
    expect(systemLinks("d", "busway", id).map(({ label }) => label)).toEqual([
      "One-line diagram",
      "Lose it",
    ]);
    expect(systemLinks("d", "door", id)).toEqual([]);
  });
});
