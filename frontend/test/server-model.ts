/** The server as far as a session can tell: one log, one order, answers kept by request id. */
import { applyEdits } from "../src/model/batch";
import { StateHash } from "../src/model/canonical";
import { Draft } from "../src/model/draft";
import type { Edit, Primitive, Refused } from "../src/model/edits";
import type { ElementId, PlanElement } from "../src/model/element";
import { quantised } from "../src/model/quantise";
import {
  Problem,
  type LiveMessage,
  type PushAnswer,
  type Revision,
  type Transport,
} from "../src/model/wire";

export class ServerModel {
  readonly log: Revision[] = [];
  readonly draft: Draft;
  private readonly hash: StateHash;
  private readonly answers = new Map<string, PushAnswer>();
  private readonly listeners = new Set<(message: LiveMessage) => void>();
  private readonly undoStack = new Map<
    string,
    { before: readonly PlanElement[]; ids: readonly ElementId[] }[]
  >();

  constructor(elements: readonly PlanElement[] = []) {
    this.draft = Draft.of(elements);
    this.hash = StateHash.of(elements);
  }

  get head(): number {
    return this.log.length;
  }

  get stateHash(): string {
    return this.hash.text;
  }

  /** Whether a request has had its answer, whatever that was. */
  hasAnswered(requestId: string): boolean {
    return this.answers.has(requestId);
  }

  /** Hears of each revision, as over the socket. */
  listen(heard: (message: LiveMessage) => void): () => void {
    this.listeners.add(heard);
    return () => this.listeners.delete(heard);
  }

  transport(user: string): Transport {
    return {
      document: () =>
        Promise.resolve({
          number: this.head,
          state_hash: this.stateHash,
          elements: [...this.draft.elements.values()],
        }),
      push: ({ request_id, label, edits }) =>
        later(() => this.append(user, request_id, label, edits)),
      undo: (request_id) => later(() => this.undo(user, request_id)),
      redo: () => Promise.reject(problem("nothing-to-redo", 409)),
      restore: () => Promise.reject(problem("http-404", 404)),
      revisionsAfter: (number) => Promise.resolve(this.log.slice(number, number + 200)),
    };
  }

  append(user: string, requestId: string, label: string, edits: readonly Edit[]): PushAnswer {
    const known = this.answers.get(requestId);
    if (known) return { ...known, duplicate: true };
    const { result, before } = this.draft.recorded(() => applyEdits(this.draft, quantised(edits)));
    for (const [id, former] of before) this.hash.replace(former, this.draft.get(id));
    const answer = this.write(user, requestId, label, result.effective, result.refused);
    if (result.effective.length > 0) {
      const stack = this.undoStack.get(user) ?? [];
      stack.push({
        before: [...before.values()].flatMap((one) => one ?? []),
        ids: [...before.keys()],
      });
      this.undoStack.set(user, stack);
    }
    return answer;
  }

  /** Puts back whole elements: enough for tests that do not undo against others. */
  private undo(user: string, requestId: string): PushAnswer {
    const known = this.answers.get(requestId);
    if (known) return { ...known, duplicate: true };
    const last = this.undoStack.get(user)?.pop();
    if (last === undefined) throw problem("nothing-to-undo", 409);
    const was = new Map(last.before.map((element) => [element.id, element]));
    const edits: Primitive[] = [];
    for (const id of last.ids) {
      const former = was.get(id);
      if (this.draft.get(id)) edits.push({ type: "delete", id });
      if (former) edits.push({ type: "create", element: former });
    }
    for (const edit of edits) {
      if (edit.type === "delete") {
        this.hash.replace(this.draft.get(edit.id), undefined);
        this.draft.drop(edit.id);
      } else if (edit.type === "create") {
        this.hash.replace(undefined, edit.element);
        this.draft.put(edit.element);
      }
    }
    return this.write(user, requestId, "Undo", edits, []);
  }

  private write(
    user: string,
    requestId: string,
    label: string,
    effective: readonly Primitive[],
    refused: readonly Refused[],
  ): PushAnswer {
    if (effective.length > 0) {
      const revision: Revision = {
        number: this.head + 1,
        author: user,
        author_id: user,
        label,
        effective,
        state_hash: this.stateHash,
        request_id: requestId,
      };
      this.log.push(revision);
      for (const heard of this.listeners) {
        heard({ type: "revision", ...revision, author: user, author_id: user });
      }
    }
    const answer: PushAnswer = {
      number: this.head,
      effective,
      refused,
      state_hash: this.stateHash,
      duplicate: false,
    };
    this.answers.set(requestId, answer);
    return answer;
  }
}

function problem(code: string, status: number): Problem {
  return new Problem({ type: "about:blank", title: code, detail: code, status, code });
}

function later<T>(work: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    try {
      resolve(work());
    } catch (error) {
      reject(error instanceof Error ? error : new Error(String(error)));
    }
  });
}
