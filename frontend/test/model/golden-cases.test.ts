import { describe, expect, test } from "vitest";
import { applyEdits } from "../../src/model/batch";
import { canonical, StateHash } from "../../src/model/canonical";
import { Draft } from "../../src/model/draft";
import { replay, type Edit, type Primitive, type RefusalCode } from "../../src/model/edits";
import type { PlanElement } from "../../src/model/element";
import { membersOf, planModule } from "../../src/model/modules";
import type { Dimensions } from "../../src/model/products";
import { quantised } from "../../src/model/quantise";
import { CONFIDENCES } from "../../src/model/confidence";
import { golden, goldens } from "../golden";

interface EditCase {
  readonly document: { readonly elements: readonly PlanElement[] };
  readonly edits: readonly Edit[];
  readonly effective: readonly Primitive[];
  readonly refused: readonly { readonly index: number; readonly code: RefusalCode }[];
  readonly after: { readonly elements: readonly PlanElement[] };
  readonly state_hash: string;
}

const EDIT_CASES = goldens<EditCase>("edits");

test("there are golden cases to replay", () => {
  expect(EDIT_CASES.length).toBeGreaterThan(30);
});

describe.each(EDIT_CASES)("edits: %s", (_name, one) => {
  test("the same edits are taken, refused and amended as on the server", () => {
    const draft = Draft.of(one.document.elements);

    const { effective, refused } = applyEdits(draft, quantised(one.edits));

    expect(effective).toEqual(one.effective);
    expect(refused.map(({ index, code }) => ({ index, code }))).toEqual(
      one.refused.map(({ index, code }) => ({ index, code })),
    );
    expect(byId(draft.elements.values())).toEqual(byId(one.after.elements));
    expect(StateHash.of(draft.elements.values()).text).toBe(one.state_hash);
  });

  test("effective edits lead to the same state without checks", () => {
    const draft = Draft.of(one.document.elements);

    replay(draft, one.effective);

    expect(StateHash.of(draft.elements.values()).text).toBe(one.state_hash);
  });

  test("what was there before can be put back", () => {
    const draft = Draft.of(one.document.elements);

    const { before } = draft.recorded(() => applyEdits(draft, quantised(one.edits)));
    draft.putBack(before);

    expect(byId(draft.elements.values())).toEqual(byId(one.document.elements));
  });
});

interface CanonicalCases {
  readonly canonical: readonly { name: string; value: unknown; text: string }[];
  readonly quantise: readonly { field: string; value: number; quantised: number }[];
}
const CANONICAL = golden<CanonicalCases>("canonical.json");

test.each(CANONICAL.canonical)("canonical text: $name", ({ value, text }) => {
  expect(canonical(value)).toBe(text);
});

test.each(CANONICAL.quantise)(
  "$field $value becomes $quantised",
  ({ field, value, quantised: q }) => {
    expect(quantised({ [field]: value })).toEqual({ [field]: q });
  },
);

test("both languages call and explain confidence alike, in one order", () => {
  expect(Object.entries(CONFIDENCES).map(([id, words]) => ({ id, ...words }))).toEqual(
    golden("confidences.json"),
  );
});

interface ModuleCase {
  readonly name: string;
  readonly document: { readonly elements: readonly PlanElement[] };
  readonly products: Readonly<Record<string, Dimensions>>;
  readonly members: readonly PlanElement[];
}

test.each(goldens<ModuleCase>("modules"))("modules: %s", (_name, one) => {
  const { elements } = one.document;
  const types = new Map(elements.map((element) => [element.id, element]));

  const members = elements
    .filter(({ kind }) => kind === "module")
    .flatMap((module) => {
      const type = types.get(module.type?.type_id ?? "");
      const plan = type ? planModule(type, (id) => one.products[id]) : null;
      return plan ? membersOf(module, plan) : [];
    });

  expect(members).toEqual(one.members);
});

function byId(elements: Iterable<PlanElement>): readonly PlanElement[] {
  return [...elements].sort((a, b) => (a.id < b.id ? -1 : 1));
}
