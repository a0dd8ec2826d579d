/** Colours of the drawing. The values equal styles/tokens.css; a test compares the two files. */

export type ThemeName = "dark" | "light";

export interface Palette {
  readonly canvas: string;
  readonly surface: string;
  readonly surfaceRaised: string;
  readonly text: string;
  readonly textSecond: string;
  readonly textThird: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly accent: string;
  readonly onAccent: string;
  readonly ok: string;
  readonly warn: string;
  readonly bad: string;
  readonly power: string;
  readonly supply: string;
  readonly return: string;
  readonly water: string;
  readonly air: string;
  readonly network: string;
  readonly violation: string;
  readonly grid: string;
  readonly wall: string;
}

export const PALETTES: Readonly<Record<ThemeName, Palette>> = {
  dark: {
    canvas: "#0e1116",
    surface: "#161a21",
    surfaceRaised: "#1e242d",
    text: "#e6eaf0",
    textSecond: "#a9b3c1",
    textThird: "#8792a2",
    line: "#2b323d",
    lineStrong: "#667286",
    accent: "#6ea8ff",
    onAccent: "#0e1116",
    ok: "#5fd08a",
    warn: "#ffb020",
    bad: "#ff6b81",
    power: "#ffd84d",
    supply: "#58b4ff",
    return: "#f4874f",
    water: "#4fc3a1",
    air: "#86f2e2",
    network: "#9062ff",
    violation: "#e6298f",
    grid: "#171c24",
    wall: "#58616f",
  },
  light: {
    canvas: "#ffffff",
    surface: "#f4f6f8",
    surfaceRaised: "#e9edf1",
    text: "#12161c",
    textSecond: "#465162",
    textThird: "#5c6878",
    line: "#d5dbe3",
    lineStrong: "#7c8797",
    accent: "#0b5bd3",
    onAccent: "#ffffff",
    ok: "#1b7f45",
    warn: "#9a5b00",
    bad: "#b4123a",
    power: "#a78307",
    supply: "#0453e0",
    return: "#a72a0b",
    water: "#0f7a4d",
    air: "#1b9992",
    network: "#47019a",
    violation: "#750228",
    grid: "#eef1f5",
    wall: "#6b7686",
  },
};

/** Names under which the palette appears in styles/tokens.css. */
export const TOKEN_NAMES: Readonly<Record<keyof Palette, string>> = {
  canvas: "canvas",
  surface: "sf1",
  surfaceRaised: "sf2",
  text: "text",
  textSecond: "text2",
  textThird: "text3",
  line: "line",
  lineStrong: "line2",
  accent: "accent",
  onAccent: "onaccent",
  ok: "ok",
  warn: "warn",
  bad: "bad",
  power: "power",
  supply: "supply",
  return: "return",
  water: "water",
  air: "air",
  network: "net",
  violation: "viol",
  grid: "grid",
  wall: "wall",
};
