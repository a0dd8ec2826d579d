/** The result before the one shown, for "what did that change do". */
import { signal, type Readable } from "../base/signal";
import type { Results } from "../editor/results";
import type { Evaluation } from "../model/evaluation";

const known = new WeakMap<Results, Readable<Evaluation | null>>();

export function previousResult(results: Results): Readable<Evaluation | null> {
  const made = known.get(results);
  if (made !== undefined) return made;
  const previous = signal<Evaluation | null>(null);
  let last: Evaluation | null = null;
  results.state.subscribe(({ result }) => {
    if (result === null || result === last) return;
    if (last !== null && last.design.state_hash !== result.design.state_hash) previous.set(last);
    last = result;
  });
  known.set(results, previous);
  return previous;
}
