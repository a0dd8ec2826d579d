declare module "plotly.js-cartesian-dist-min" {
  export function react(
    node: HTMLElement,
    data: readonly object[],
    layout: object,
    config: object,
  ): Promise<void>;
  export function purge(node: HTMLElement): void;
}
