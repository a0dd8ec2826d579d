/** Charts in the page's own look; plotly is fetched when the first chart is drawn. */
import type * as Plotly from "plotly.js-cartesian-dist-min";
import { theme } from "./theme";

export interface ChartSpec {
  readonly data: readonly object[];
  readonly layout?: Readonly<Record<string, unknown>>;
}

type Fields = Readonly<Record<string, unknown>>;

const CONFIG = { displayModeBar: false, responsive: true, displaylogo: false } as const;

/** Colours of series in order: the subject first, then greys told apart by marker and dash. */
const SERIES = ["--accent", "--part", "--text3", "--return", "--air", "--power", "--net"] as const;

/** What a spec may name instead of a colour, so that both themes serve: "token:accent". */
const TOKEN = /^token:([\w-]+)$/;

let loading: Promise<typeof Plotly> | null = null;

function plotly(): Promise<typeof Plotly> {
  if (loading === null) {
    forbidInlineStyles();
    loading = import("plotly.js-cartesian-dist-min");
  }
  return loading;
}

/** Plotly adds its rules to the element of this id, unless that says not to; a style element would be refused. */
function forbidInlineStyles(): void {
  const marker = document.createElement("meta");
  marker.id = "plotly.js-style-global";
  marker.className = "no-inline-styles";
  document.head.append(marker);
}

/** A colour of the style sheet as the page shows it now. */
function token(name: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  probe.hidden = true;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

function withTokens(value: unknown): unknown {
  if (typeof value === "string") {
    const name = TOKEN.exec(value)?.[1];
    return name === undefined ? value : token(`--${name}`);
  }
  if (Array.isArray(value)) return value.map(withTokens);
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withTokens(one)]));
  }
  return value;
}

function axis(own: unknown): Fields {
  return {
    gridcolor: token("--line"),
    linecolor: token("--line2"),
    zerolinecolor: token("--line2"),
    tickcolor: token("--line2"),
    ticks: "outside",
    ticklen: 4,
    automargin: true,
    tickfont: { color: token("--text2") },
    ...(own as Fields | undefined),
  };
}

function layoutOf(spec: ChartSpec): Fields {
  const own = withTokens(spec.layout ?? {}) as Fields;
  const axes = Object.fromEntries(
    ["xaxis", "yaxis", ...Object.keys(own).filter((key) => /^[xy]axis\d/.test(key))].map((key) => [
      key,
      axis(own[key]),
    ]),
  );
  const title = own["title"] as Fields | string | undefined;
  return {
    margin: { l: 56, r: 16, t: title === undefined ? 8 : 40, b: 40 },
    ...own,
    ...axes,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    colorway: SERIES.map(token),
    font: {
      family: '"Inter Variable", Inter, system-ui, sans-serif',
      size: 11,
      color: token("--text2"),
    },
    hoverlabel: {
      bgcolor: token("--sf2"),
      bordercolor: token("--line2"),
      font: { color: token("--text"), size: 11 },
    },
    legend: { orientation: "h", y: 1.12, x: 0, ...(own["legend"] as Fields | undefined) },
  };
}

/** Draws a chart and draws it anew when the theme changes; returns the way to take it down. */
export function showChart(node: HTMLElement, spec: ChartSpec): () => void {
  let gone = false;
  const stop = theme.subscribe(() => {
    void plotly().then((library) => {
      if (gone) return;
      const data = withTokens(spec.data) as readonly object[];
      void library.react(node, data, layoutOf(spec), CONFIG);
    });
  });
  return () => {
    gone = true;
    stop();
    void loading?.then((library) => {
      library.purge(node);
    });
  };
}

/** A chart whose figures change while it is looked at: hand each new spec to the function returned. */
export function liveChart(node: HTMLElement, first: ChartSpec): (next: ChartSpec) => void {
  let spec = first;
  const draw = (): void => {
    void plotly().then((library) =>
      library.react(node, withTokens(spec.data) as readonly object[], layoutOf(spec), CONFIG),
    );
  };
  theme.subscribe(draw);
  return (next) => {
    spec = next;
    draw();
  };
}
