/** Figures as the drawing writes them: thin spaces between thousands. */
const THIN = "\u2009";

export function grouped(value: number, digits = 0): string {
  const [whole = "0", part] = Math.abs(value).toFixed(digits).split(".");
  const sign = value < 0 && Number(value.toFixed(digits)) !== 0 ? "\u2212" : "";
  const spaced = whole.replace(/\B(?=(\d{3})+(?!\d))/g, THIN);
  return part === undefined ? `${sign}${spaced}` : `${sign}${spaced}.${part}`;
}

/** Millimetres, a tenth only where there is one. */
export function formatMm(mm: number): string {
  const tenths = Math.round(mm * 10);
  return `${grouped(tenths / 10, tenths % 10 === 0 ? 0 : 1)}${THIN}mm`;
}
