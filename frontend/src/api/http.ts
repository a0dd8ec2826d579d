import { Problem, Unreachable, type ProblemBody } from "../model/wire";

/** The browser's `fetch`, or a test's. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Statuses that say nothing about the request itself: trying again later is right. */
const PASSING: ReadonlySet<number> = new Set([502, 503, 504]);

/** Asks the server: JSON in, JSON out, problems as errors. */
export class Http {
  constructor(
    private readonly fetch: Fetch,
    private readonly csrfToken: () => string,
  ) {}

  get<T>(url: string): Promise<T> {
    return this.request<T>("GET", url);
  }

  post<T>(url: string, body: unknown): Promise<T> {
    return this.request<T>("POST", url, body);
  }

  patch<T>(url: string, body: unknown): Promise<T> {
    return this.request<T>("PATCH", url, body);
  }

  private async request<T>(method: string, url: string, body?: unknown): Promise<T> {
    const init: RequestInit = {
      method,
      credentials: "same-origin",
      headers: { Accept: "application/json" },
    };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers = {
        Accept: "application/json",
        "Content-Type": "application/json",
        "X-CSRFToken": this.csrfToken(),
      };
    }
    let response: Response;
    try {
      response = await this.fetch(url, init);
    } catch {
      throw new Unreachable("The server cannot be reached.");
    }
    if (PASSING.has(response.status))
      throw new Unreachable(`The server is busy (${response.status}).`);
    if (!response.ok) throw new Problem(await problemOf(response));
    try {
      return (await response.json()) as T;
    } catch {
      throw new Unreachable("The answer was cut off.");
    }
  }
}

async function problemOf(response: Response): Promise<ProblemBody> {
  const fallback: ProblemBody = {
    type: "about:blank",
    title: response.statusText || `Status ${response.status}`,
    status: response.status,
    detail: "",
    code: `http-${response.status}`,
  };
  try {
    return { ...fallback, ...((await response.json()) as Partial<ProblemBody>) };
  } catch {
    return fallback;
  }
}
