/** How far a figure can be trusted, strongest first: the word on its badge, and what it means. */
export const CONFIDENCES = {
  user: { word: "own", meaning: "Set in this design, or imported by your organisation." },
  published: {
    word: "published",
    meaning: "The maker's own document, a standard or an authority.",
  },
  "published-secondary": {
    word: "third party",
    meaning: "Published by somebody else who measured, analysed or quotes it.",
  },
  press: { word: "press", meaning: "Reported by the press or an analyst, unconfirmed." },
  derived: { word: "derived", meaning: "Worked out from other figures; the working is given." },
  estimate: { word: "estimate", meaning: "Judged from comparable things; it has a range." },
  "from-memory": {
    word: "from memory",
    meaning: "No document at hand: replace it before you rely on it.",
  },
} as const satisfies Readonly<Record<string, { word: string; meaning: string }>>;

export type Confidence = keyof typeof CONFIDENCES;

/** The word for a confidence; one that a design made up itself stays as it is. */
export function wordFor(confidence: string): string {
  return confidence in CONFIDENCES ? CONFIDENCES[confidence as Confidence].word : confidence;
}

/** What a confidence means; nothing for one that a design made up itself. */
export function meaningOf(confidence: string): string {
  return confidence in CONFIDENCES ? CONFIDENCES[confidence as Confidence].meaning : "";
}
