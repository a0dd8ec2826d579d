import type { Clock } from "../base/clock";
import { signal, type Readable } from "../base/signal";
import type { LiveMessage, Whereabouts } from "../model/wire";

/** What of a `WebSocket` is used. */
export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number }) => void) | null;
  send(text: string): void;
  close(): void;
}

const PING_MS = 5_000;
const DEAD_MS = 10_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
/** At most fifteen times a second. */
const PRESENCE_MS = 67;
export type ShutOut = "signed-out" | "no-access";

/** The server said no; asking again changes nothing. */
const FINAL_CODES: ReadonlyMap<number, ShutOut> = new Map([
  [4401, "signed-out"],
  [4404, "no-access"],
]);

/** The socket of a design: opens again by itself, and never says more than the server's HTTP does. */
export class LiveSocket {
  private socket: Socket | null = null;
  private isStopped = false;
  private waitMs = FIRST_WAIT_MS;
  private heardAt = 0;
  private presenceAt = -Infinity;
  private stopTimer: (() => void) | null = null;
  private stopPresence: (() => void) | null = null;
  private readonly open = signal(false);

  constructor(
    private readonly url: string,
    private readonly make: (url: string) => Socket,
    private readonly clock: Clock,
    private readonly heard: (message: LiveMessage) => void,
    /** Told when the server shuts the user out: only `retryNow` asks again. */
    private readonly shutOut: (why: ShutOut) => void = () => undefined,
  ) {}

  get isOpen(): Readable<boolean> {
    return this.open;
  }

  start(): void {
    if (this.socket !== null || this.isStopped) return;
    const socket = this.make(this.url);
    this.socket = socket;
    this.heardAt = this.clock.now();
    socket.onopen = () => {
      this.waitMs = FIRST_WAIT_MS;
      this.open.set(true);
      this.beat();
    };
    socket.onmessage = ({ data }) => {
      this.heardAt = this.clock.now();
      const message = read(data);
      if (message) this.heard(message);
    };
    socket.onclose = ({ code }) => {
      this.lost(socket, FINAL_CODES.get(code) ?? null);
    };
  }

  /** The network may be back: opens at once instead of waiting. */
  retryNow(): void {
    if (this.socket !== null) return;
    this.stopTimer?.();
    this.waitMs = FIRST_WAIT_MS;
    this.start();
  }

  stop(): void {
    this.isStopped = true;
    this.stopTimer?.();
    this.stopPresence?.();
    this.socket?.close();
  }

  /** Tells the others where this user is, as it is when the turn comes. */
  presence(whereabouts: () => Whereabouts): void {
    this.stopPresence?.();
    const wait = Math.max(0, this.presenceAt + PRESENCE_MS - this.clock.now());
    this.stopPresence = this.clock.after(wait, () => {
      this.presenceAt = this.clock.now();
      this.say({ type: "presence", ...whereabouts() });
    });
  }

  private say(message: object): void {
    if (this.socket !== null && this.open.get()) this.socket.send(JSON.stringify(message));
  }

  private beat(): void {
    this.stopTimer?.();
    this.stopTimer = this.clock.after(PING_MS, () => {
      const { socket } = this;
      if (socket === null) return;
      if (this.clock.now() - this.heardAt > DEAD_MS) {
        // A line that is cut without a word never closes by itself.
        socket.close();
        this.lost(socket, null);
        return;
      }
      this.say({ type: "ping" });
      this.beat();
    });
  }

  private lost(socket: Socket, why: ShutOut | null): void {
    if (this.socket !== socket) return;
    this.socket = null;
    this.open.set(false);
    this.stopTimer?.();
    if (this.isStopped) return;
    if (why !== null) {
      this.shutOut(why);
      return;
    }
    this.stopTimer = this.clock.after(this.waitMs, () => {
      this.start();
    });
    this.waitMs = Math.min(this.waitMs * 1.5, LONGEST_WAIT_MS);
  }
}

function read(data: unknown): LiveMessage | null {
  if (typeof data !== "string") return null;
  try {
    return JSON.parse(data) as LiveMessage;
  } catch {
    return null;
  }
}
