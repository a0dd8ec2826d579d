/** Collects what must be undone when its owner goes away. */
export class Disposables {
  private readonly ends: (() => void)[] = [];

  add(end: () => void): void {
    this.ends.push(end);
  }

  /** Undoes everything, the newest first. */
  dispose(): void {
    for (let end = this.ends.pop(); end !== undefined; end = this.ends.pop()) end();
  }
}
