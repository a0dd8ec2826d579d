/** Times as whoever reads them has them, in the order that sorts. */
const MINUTE_MS = 60_000;

export function momentOf(at: string): string {
  const moment = new Date(at);
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * MINUTE_MS);
  return local.toISOString().slice(0, 16).replace("T", " ");
}

export const dayOf = (date: string): string => date.slice(0, 10);
