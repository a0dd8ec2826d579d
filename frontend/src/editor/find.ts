import { signal, type Readable } from "../base/signal";
import type { ElementId } from "../model/element";
import type { Item } from "../model/item";
import type { Editor } from "./editor";

/** What a query found, and which of it is looked at. */
export interface FindState {
  readonly query: string;
  readonly ids: readonly ElementId[];
  /** Place in `ids`; -1 while none is looked at. */
  readonly at: number;
  /** Why the query cannot be read; empty while it can. */
  readonly error: string;
}

type Test = (item: Item) => boolean;

const NOTHING: FindState = { query: "", ids: [], at: -1, error: "" };
const COLLATE = new Intl.Collator("en", { numeric: true });

/**
 * Finds by tag with wildcards, and by properties: `R01*`, `kind:cdu`,
 * `kw>120`, `row:R03`, `loop:TCS-1`, `product:gb300`, `layer:Power`,
 * `issue:*`, `issue:overlap`. All words must fit.
 */
export class Finder {
  private readonly current = signal<FindState>(NOTHING);

  constructor(private readonly host: Editor) {}

  get state(): Readable<FindState> {
    return this.current;
  }

  find(query: string): FindState {
    const words = query
      .trim()
      .split(/\s+/)
      .filter((word) => word !== "");
    const tests: Test[] = [];
    let error = "";
    for (const word of words) {
      const test = this.testFor(word);
      if (typeof test === "string") error = test;
      else tests.push(test);
    }
    const ids =
      words.length === 0 || error !== ""
        ? []
        : [...this.host.document.items()]
            .filter((item) => tests.every((test) => test(item)))
            .sort((a, b) => COLLATE.compare(a.tag, b.tag))
            .map(({ id }) => id);
    this.current.set({ query, ids, at: -1, error });
    return this.current.get();
  }

  /** Goes to the next or the former one, selects it and shows it. */
  step(by: 1 | -1): ElementId | null {
    const { ids, at } = this.current.get();
    if (ids.length === 0) return null;
    const next = (at + by + ids.length + (at < 0 && by < 0 ? 1 : 0)) % ids.length;
    this.current.update((state) => ({ ...state, at: next }));
    const id = ids[next];
    if (id === undefined) return null;
    this.show(id);
    return id;
  }

  /** Selects everything found. */
  selectAll(): void {
    this.host.selection.set(this.current.get().ids);
  }

  clear(): void {
    this.current.set(NOTHING);
  }

  /** Selects one element and brings it into view, opening its module. */
  show(id: ElementId): void {
    const { document, selection, camera } = this.host;
    const item = document.item(id);
    if (item === undefined) return;
    selection.entered.set(item.moduleId);
    selection.set([id]);
    const { box } = item;
    const margin = 4000;
    camera.fit({
      minX: box.minX - margin,
      minY: box.minY - margin,
      maxX: box.maxX + margin,
      maxY: box.maxY + margin,
    });
  }

  private testFor(word: string): Test | string {
    const compared = /^(kw|lpm|kg|liquid)(<=|>=|<|>|=)(.+)$/i.exec(word);
    if (compared) return this.numberTest(compared[1] ?? "", compared[2] ?? "", compared[3] ?? "");
    const named = /^([a-z]+):(.+)$/i.exec(word);
    if (named) return this.namedTest((named[1] ?? "").toLowerCase(), named[2] ?? "");
    const matches = wildcard(word, !/[*?]/.test(word));
    return (item) => matches(item.tag);
  }

  private numberTest(name: string, sign: string, text: string): Test | string {
    const limit = Number(text.replace(",", "."));
    if (!Number.isFinite(limit)) return `“${text}” is not a number.`;
    const { results, products } = this.host;
    const value = ({ id, element, kind }: Item): number | undefined => {
      const figures = results.of(id);
      switch (name.toLowerCase()) {
        case "kw":
          if (kind !== "rack" && kind !== "module")
            return figures?.["load_kw"] ?? figures?.["normal_kw"];
          return (
            figures?.["it_kw"] ??
            element.load?.sustained_kw ??
            products.value(element, "sustained_kw")
          );
        case "liquid":
          return (
            figures?.["liquid_kw"] ??
            element.load?.liquid_kw ??
            products.value(element, "liquid_kw")
          );
        case "lpm":
          return figures?.["flow_lpm"] ?? products.value(element, "flow_lpm");
        default:
          return products.value(element, "mass_kg");
      }
    };
    return (item) => {
      const number = value(item);
      if (number === undefined) return false;
      if (sign === ">") return number > limit;
      if (sign === "<") return number < limit;
      if (sign === ">=") return number >= limit;
      if (sign === "<=") return number <= limit;
      return Math.abs(number - limit) < 0.05;
    };
  }

  private namedTest(name: string, text: string): Test | string {
    const matches = wildcard(text, false);
    const contains = wildcard(text, true);
    switch (name) {
      case "tag":
        return ({ tag }) => matches(tag);
      case "kind":
        return ({ kind }) => matches(kind) || matches(kind.replaceAll("_", "-"));
      case "loop":
        return ({ element }) => matches(element.cooling?.loop ?? element.pipe?.loop ?? "");
      case "product":
        return ({ element }) => {
          const id = element.product?.product_id;
          return (
            id !== undefined && (contains(id) || contains(this.host.products.get(id)?.model ?? ""))
          );
        };
      case "layer":
        return ({ layer }) => matches(layer);
      case "row": {
        const rows = this.host.results.state.get().result?.elements.rows ?? [];
        const ids = new Set(rows.filter((row) => matches(row.id)).flatMap((row) => row.rack_ids));
        // A tag names its row too: R03-07 is in row R03.
        return ({ id, tag, kind }) =>
          ids.has(id) || (kind === "rack" && matches(tag.replace(/-[^-]*$/, "")));
      }
      case "feed":
        return ({ element }) =>
          [element.feeds?.a, element.feeds?.b, element.upstream?.source, element.feeder?.to].some(
            (id) => typeof id === "string" && matches(this.host.document.item(id)?.tag ?? ""),
          );
      case "issue":
        return ({ id }) =>
          this.host.results
            .findingsOf(id)
            .some(({ rule, severity, discipline }) => [rule, severity, discipline].some(contains));
      default:
        return `“${name}:” is not a property that can be searched.`;
    }
  }
}

/** Matches a text as a whole with `*` and `?`; with `loose`, anywhere in it. */
function wildcard(pattern: string, loose: boolean): (text: string) => boolean {
  const body = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const expression = new RegExp(loose ? body : `^${body}$`, "i");
  return (text) => expression.test(text);
}
