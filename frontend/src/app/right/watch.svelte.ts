/** Makes Svelte look again when the document changed. */
import { createSubscriber } from "svelte/reactivity";
import type { DocumentStore } from "../../model/store";

/** A function to call inside a derived value that reads the document. */
export function documentWatcher(document: DocumentStore): () => void {
  return createSubscriber((update) => document.changed.on(update));
}
