/** A value that tells when it changes; a Svelte store as it stands. */
export interface Readable<T> {
  get(): T;
  /** Calls `run` at once and after each change; returns the way to stop. */
  subscribe(run: (value: T) => void): () => void;
}

export interface Signal<T> extends Readable<T> {
  set(value: T): void;
  update(change: (value: T) => T): void;
}

/** A signal; setting the value it already has tells nobody. */
export function signal<T>(initial: T): Signal<T> {
  let value = initial;
  const listeners = new Set<(value: T) => void>();
  const set = (next: T): void => {
    if (Object.is(next, value)) return;
    value = next;
    for (const run of [...listeners]) run(value);
  };
  return {
    get: () => value,
    set,
    update: (change) => {
      set(change(value));
    },
    subscribe: (run) => {
      listeners.add(run);
      run(value);
      return () => {
        listeners.delete(run);
      };
    },
  };
}

/** A signal derived from another one. */
export function mapped<S, T>(source: Readable<S>, convert: (value: S) => T): Readable<T> {
  return {
    get: () => convert(source.get()),
    subscribe: (run) => {
      let last: T | undefined;
      let first = true;
      return source.subscribe((value) => {
        const next = convert(value);
        if (!first && Object.is(next, last)) return;
        first = false;
        last = next;
        run(next);
      });
    },
  };
}

/** Something that happens, as opposed to something that is. */
export interface Event<T> {
  on(run: (value: T) => void): () => void;
}

export class Emitter<T> implements Event<T> {
  private readonly listeners = new Set<(value: T) => void>();

  on(run: (value: T) => void): () => void {
    this.listeners.add(run);
    return () => {
      this.listeners.delete(run);
    };
  }

  emit(value: T): void {
    for (const run of [...this.listeners]) run(value);
  }
}
