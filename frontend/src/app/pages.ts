/** The pages beside the plan, as the menu and the palette offer them. */
import type { DesignInfo } from "./context";

export interface Page {
  readonly title: string;
  readonly href: string;
  /** What one finds there. */
  readonly hint: string;
  /** Other words that find it. */
  readonly aliases: readonly string[];
}

export interface PageGroup {
  readonly title: string;
  readonly pages: readonly Page[];
}

const page = (title: string, href: string, hint: string, ...aliases: readonly string[]): Page => ({
  title,
  href,
  hint,
  aliases,
});

/** Every page of a design and the ones around it, in the order of its life. */
export function pagesOf({ id, project }: Pick<DesignInfo, "id" | "project">): readonly PageGroup[] {
  const at = (path: string): string => `/designs/${id}/${path}`;
  return [
    {
      title: "Simulate",
      pages: [
        page("Simulate", at("lifecycle/#simulate"), "gates, heat load 40–100 %", "lifecycle"),
        page("Year", at("year/"), "hour by hour: PUE, water", "weather", "free cooling", "wue"),
        page(
          "Lose one",
          at("lose-one/"),
          "what each failure takes",
          "failure",
          "n+1",
          "redundancy",
        ),
        page("One-line", at("one-line/"), "power, source to rack", "single line", "diagram", "ups"),
        page(
          "Power",
          at("power/"),
          "topology limits, swings, standby",
          "redundancy",
          "generator",
          "battery",
          "2n",
        ),
        page("Loops", at("loops/"), "coolant, CDU by CDU", "schematic", "diagram", "pumps"),
        page(
          "Cooling",
          at("cooling/"),
          "pumps, valves, fans, chillers",
          "pump curve",
          "ride-through",
        ),
        page("Availability", at("availability/"), "down time, cut sets by load", "risk", "mtbf"),
        page("Fabric", at("fabric/"), "switches, links, optics", "network", "cables"),
        page("Generations", at("generations/"), "other racks in this hall", "swap", "upgrade"),
      ],
    },
    {
      title: "Money and delivery",
      pages: [
        page("Economics", at("economics/"), "cost per token and its range", "money", "finance"),
        page("Deploy", at("lifecycle/#deploy"), "bill of materials, rack list", "lifecycle", "bom"),
        page("Report", at("report/"), "PDF, CSV, design file", "export", "download", "print"),
      ],
    },
    {
      title: "Together",
      pages: [
        page("Branches", at("branches/"), "other lines, versions, proposals", "merge", "freeze"),
        page("Compare", at("compare/"), "two revisions side by side", "difference", "diff"),
        page("Comments", at("comments/"), "all of them, BCF", "threads", "bcf"),
        page("Share", at("links/"), "a link to one revision", "link", "guest"),
      ],
    },
    {
      title: "Around it",
      pages: [
        ...(project === ""
          ? []
          : [
              page("Project", `/projects/${project}/`, "what waits and what changed", "home"),
              page(
                "New design or sample",
                `/projects/${project}/designs/`,
                "pod, hall, campus; import a file",
                "sample",
                "reference",
                "import",
                "copy",
              ),
            ]),
        page("Catalogue", "/catalog/", "every product with its sources", "products", "records"),
        page("Weather files", "/weather/", "hours of weather to upload", "epw"),
      ],
    },
  ];
}
