import { sha256 } from "@noble/hashes/sha2.js";
import type { PlanElement } from "./element";

const MODULUS = 1n << 256n;
const encoder = new TextEncoder();

/**
 * The one way to write a value as text: keys in code-unit order, no spaces.
 * Numbers on the grid of `quantise` never need an exponent, so JavaScript's
 * own way of writing them is the shortest that reads back.
 */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const fields = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`);
    return `{${fields.join(",")}}`;
  }
  return JSON.stringify(value);
}

// Elements are values, so a hash once made stays right.
const known = new WeakMap<PlanElement, bigint>();

/** SHA-256 of the canonical text of one element, as an integer. */
export function elementHash(element: PlanElement): bigint {
  let hash = known.get(element);
  if (hash === undefined) {
    hash = 0n;
    const bytes = new DataView(sha256(encoder.encode(canonical(element))).buffer);
    for (let at = 0; at < 32; at += 8) hash = (hash << 64n) | bytes.getBigUint64(at);
    known.set(element, hash);
  }
  return hash;
}

/** The hash of a state: a sum, so that order does not matter and a change costs what it touches. */
export class StateHash {
  private constructor(private sum: bigint) {}

  static of(elements: Iterable<PlanElement>): StateHash {
    const hash = new StateHash(0n);
    for (const element of elements) hash.replace(undefined, element);
    return hash;
  }

  /** Goes on from a hash that is known. */
  static from(text: string): StateHash {
    return new StateHash(BigInt(`0x${text}`));
  }

  /** Accounts for `before` having become `after`; undefined means absent. */
  replace(before: PlanElement | undefined, after: PlanElement | undefined): void {
    if (before !== undefined) this.sum -= elementHash(before);
    if (after !== undefined) this.sum += elementHash(after);
    this.sum %= MODULUS;
    if (this.sum < 0n) this.sum += MODULUS;
  }

  get text(): string {
    return this.sum.toString(16).padStart(64, "0");
  }
}
