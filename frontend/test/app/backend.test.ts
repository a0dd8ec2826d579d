import { describe, expect, test } from "vitest";
import { DesignClient } from "../../src/api/client";
import { Http } from "../../src/api/http";
import { ServerBackend } from "../../src/app/backend";
import type { Push } from "../../src/model/wire";
import { id } from "../fixtures";

const PUSHES: readonly Push[] = [1, 2].map((n) => ({
  base: 3,
  request_id: `old-${String(n)}`,
  label: `Move rack ${String(n)}`,
  edits: [{ type: "move", set: [id(n)], dx_mm: 600, dy_mm: 0 }],
}));

describe("a copy with work made offline", () => {
  test("starts from the revision that was seen and takes every gesture in order", async () => {
    const asked: { readonly url: string; readonly body: unknown }[] = [];
    const http = new Http(
      (url, init) => {
        asked.push({ url, body: init.body === undefined ? null : JSON.parse(init.body as string) });
        const answer = url.includes("/file")
          ? { format: "plenum", name: "Hall", elements: [] }
          : url.endsWith("/import")
            ? { id: "copy", head: 1 }
            : { number: asked.length, refused: asked.length === 4 ? [{ index: 0 }] : [] };
        return Promise.resolve(new Response(JSON.stringify(answer)));
      },
      () => "token",
    );
    let made = 0;
    const backend = new ServerBackend(
      http,
      new DesignClient(http, "hall"),
      { id: "hall", project: "p1" },
      () => `new-${String((made += 1))}`,
    );

    const copy = await backend.copyWith("Hall, offline work", 3, PUSHES);

    expect(copy).toEqual({ id: "copy", refused: 1 });
    expect(asked.map(({ url }) => url)).toEqual([
      "/api/designs/hall/file?revision=3",
      "/api/projects/p1/import",
      "/api/designs/copy/edits",
      "/api/designs/copy/edits",
    ]);
    expect(asked[1]?.body).toMatchObject({ name: "Hall, offline work", format: "plenum" });
    expect(asked[2]?.body).toMatchObject({ base: 1, request_id: "new-1", label: "Move rack 1" });
    expect(asked[3]?.body).toMatchObject({ base: 3, request_id: "new-2" });
  });
});
