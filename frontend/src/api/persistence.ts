import type { Persistence, Push } from "../model/wire";

const STORE = "pending";

/**
 * Keeps unsent work in the browser, one entry per gesture: tabs of the same
 * user share the store, and none may wipe what another has still to send.
 * Sending one twice is harmless, the request id is the same.
 */
export class IndexedDbPersistence implements Persistence {
  private database: Promise<IDBDatabase> | null = null;
  private mine = new Set<string>();

  constructor(
    private readonly factory: IDBFactory,
    private readonly key: string,
  ) {}

  async load(): Promise<readonly Push[]> {
    const store = (await this.open()).transaction(STORE, "readonly").objectStore(STORE);
    const range = IDBKeyRange.bound(`${this.key}/`, `${this.key}/\uffff`);
    // Request ids carry the time, so their order is the order of the work.
    const pushes = await done<readonly Push[]>(store.getAll(range));
    this.mine = new Set(pushes.map(({ request_id }) => request_id));
    return pushes;
  }

  async save(pushes: readonly Push[]): Promise<void> {
    const transaction = (await this.open()).transaction(STORE, "readwrite");
    const store = transaction.objectStore(STORE);
    const next = new Set(pushes.map(({ request_id }) => request_id));
    for (const id of this.mine) if (!next.has(id)) store.delete(`${this.key}/${id}`);
    for (const push of pushes) {
      if (!this.mine.has(push.request_id)) store.put(push, `${this.key}/${push.request_id}`);
    }
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => {
        resolve();
      };
      transaction.onerror = transaction.onabort = () => {
        reject(transaction.error ?? new Error("the browser's store refused to write"));
      };
    });
    this.mine = next;
  }

  private open(): Promise<IDBDatabase> {
    this.database ??= new Promise((resolve, reject) => {
      const request = this.factory.open("plenum", 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(STORE);
      };
      request.onsuccess = () => {
        resolve(request.result);
      };
      request.onerror = () => {
        reject(request.error ?? new Error("the browser's store cannot be opened"));
      };
    });
    return this.database;
  }
}

/** Keeps nothing beyond the page: for tests, and for browsers that forbid storage. */
export class MemoryPersistence implements Persistence {
  private pushes: readonly Push[] = [];

  load(): Promise<readonly Push[]> {
    return Promise.resolve(this.pushes);
  }

  save(pushes: readonly Push[]): Promise<void> {
    this.pushes = structuredClone(pushes);
    return Promise.resolve();
  }
}

function done<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result as T);
    };
    request.onerror = () => {
      reject(request.error ?? new Error("the browser's store cannot be read"));
    };
  });
}
