/** A source of random bytes; the browser's or Node's by default. */
export type RandomBytes = (count: number) => Uint8Array;

const secure: RandomBytes = (count) => globalThis.crypto.getRandomValues(new Uint8Array(count));

/**
 * A maker of UUIDv7 (RFC 9562, 5.7), lower-case. Ids made one after another
 * sort in that order: within a millisecond the 12 bits after the time count up.
 */
export function uuid7Maker(now: () => number, random: RandomBytes = secure): () => string {
  let lastMs = -1;
  let counter = 0;
  return () => {
    const bytes = random(16);
    const at = Math.max(Math.floor(now()), lastMs);
    if (at === lastMs) {
      counter += 1;
    } else {
      counter = ((bytes[6] ?? 0) & 0x07) * 256 + (bytes[7] ?? 0);
    }
    lastMs = at;
    if (counter > 0xfff) {
      counter = 0;
      lastMs += 1;
    }
    let ms = lastMs;
    for (let i = 5; i >= 0; i -= 1) {
      bytes[i] = ms % 256;
      ms = Math.floor(ms / 256);
    }
    bytes[6] = 0x70 | (counter >> 8);
    bytes[7] = counter & 0xff;
    bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return [0, 8, 12, 16, 20].map((from, i, cuts) => hex.slice(from, cuts[i + 1] ?? 32)).join("-");
  };
}
