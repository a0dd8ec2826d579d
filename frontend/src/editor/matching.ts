/** How well something is called what somebody typed: names, other words, one slip of the finger. */

const EXACT = 100;
const START = 80;
const WORD = 60;
const INSIDE = 40;
const WORDS = 30;
const SLIP = 20;
const LETTERS = 10;
/** Shorter words have too many neighbours one letter away. */
const LEAST_SLIP = 5;

/** 0: not at all. `names` are the title first and then whatever else it answers to. */
export function scoreOf(names: readonly string[], words: string): number {
  const query = words.trim().toLowerCase();
  if (query === "") return 1;
  const texts = names.map((name) => name.toLowerCase());
  const best = Math.max(0, ...texts.map((text) => whole(text, query)));
  if (best > 0) return best;
  const parts = query.split(/\s+/);
  const known = texts.flatMap(wordsOf);
  if (parts.length > 1 && parts.every((part) => known.some((word) => word.startsWith(part))))
    return WORDS;
  if (parts.every((part) => known.some((word) => word.startsWith(part) || isSlip(part, word))))
    return SLIP;
  return texts.some((text) => isInitials(query, text)) ? LETTERS : 0;
}

function whole(text: string, query: string): number {
  if (text === query) return EXACT;
  if (text.startsWith(query)) return START;
  if (wordsOf(text).some((word) => word.startsWith(query))) return WORD;
  return text.includes(query) ? INSIDE : 0;
}

const wordsOf = (text: string): readonly string[] =>
  text.split(/[^\p{L}\p{N}+]+/u).filter((word) => word !== "");

/** One letter too many, too few, wrong, or two exchanged; the word may go on. */
function isSlip(part: string, word: string): boolean {
  if (part.length < LEAST_SLIP || part[0] !== word[0]) return false;
  return [-1, 0, 1].some((more) => isNear(part, word.slice(0, part.length + more)));
}

function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const left = a.slice(at);
  const right = b.slice(at);
  return (
    left.slice(1) === right.slice(1) ||
    left.slice(1) === right ||
    left === right.slice(1) ||
    (left[0] === right[1] && left[1] === right[0] && left.slice(2) === right.slice(2))
  );
}

/** Letters in order, each at the start of a word or right after the one before: "fsel", Fit selection. */
function isInitials(query: string, text: string): boolean {
  const letters = query.replaceAll(/\s+/g, "");
  const reach = (at: number, from: number): boolean => {
    if (at === letters.length) return true;
    for (let i = from; i < text.length; i += 1) {
      const starts = i === 0 || !/[\p{L}\p{N}]/u.test(text[i - 1] ?? "");
      if (text[i] === letters[at] && (starts || (i === from && at > 0)) && reach(at + 1, i + 1))
        return true;
    }
    return false;
  };
  return reach(0, 0);
}
