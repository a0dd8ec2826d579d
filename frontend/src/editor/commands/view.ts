import type { Finding } from "../../model/evaluation";
import type { Command } from "../commands";
import type { Editor } from "../editor";

const STEP = 1.25;

/** What is seen: zoom, fit, findings, parts of the page. */
export function viewCommands(host: Editor): readonly Command[] {
  const { camera } = host;
  const middle = (): { x: number; y: number } => {
    const { widthPx, heightPx } = camera.view.get();
    return { x: widthPx / 2, y: heightPx / 2 };
  };
  const view = (
    id: string,
    title: string,
    keys: readonly string[],
    aliases: readonly string[],
    run: Command["run"],
    when?: () => boolean,
  ): Command => ({
    id: `view.${id}`,
    title,
    keys,
    aliases,
    group: "View",
    run,
    ...(when ? { when } : {}),
  });
  const opens = (
    part: string,
    title: string,
    keys: readonly string[],
    aliases: readonly string[],
  ): Command =>
    view(part, title, keys, aliases, () => {
      host.ask(part);
    });
  let findingAt = -1;
  const stepFinding = (by: 1 | -1): void => {
    const findings = openFindings(host);
    if (findings.length === 0) {
      host.notify("info", "There are no findings.");
      return;
    }
    findingAt = (Math.max(findingAt, by > 0 ? -1 : 0) + by + findings.length) % findings.length;
    const finding = findings[findingAt];
    if (finding) showFinding(host, finding);
  };
  return [
    view("fit", "Fit all", ["Shift+1"], ["zoom extents", "whole plan"], () => {
      const box = host.extent();
      if (box) camera.fit(box);
    }),
    view(
      "fit-selection",
      "Fit selection",
      ["Shift+2", "F"],
      ["zoom to selection"],
      () => {
        const box = host.extent(host.selection.ids.get());
        if (box) camera.fit(box, 120);
      },
      () => host.selection.size > 0,
    ),
    view("scale-100", "Scale 1:100", ["Shift+0"], ["zoom 100"], () => {
      camera.setScale(100);
    }),
    {
      id: "view.scale",
      title: "Scale…",
      aliases: ["zoom to scale"],
      keys: [],
      group: "View",
      args: [
        {
          id: "n",
          label: "1 :",
          initial: "200",
          check: (text) => (Number(text) > 0 ? "" : "Type a number such as 200."),
        },
      ],
      run: ({ n = "100" }) => {
        if (Number(n) > 0) camera.setScale(Number(n));
      },
    },
    view("zoom-in", "Zoom in", ["Ctrl+=", "+"], ["closer"], () => {
      camera.zoomAt(middle(), STEP);
    }),
    view("zoom-out", "Zoom out", ["Ctrl+-", "-"], ["farther"], () => {
      camera.zoomAt(middle(), 1 / STEP);
    }),
    view("back", "Former view", ["Shift+Z"], ["zoom previous"], () => {
      camera.back();
    }),
    view("forward", "Next view", ["Shift+Y"], [], () => {
      camera.forward();
    }),
    view("next-finding", "Next finding", ["J"], ["violation", "issue", "warning"], () => {
      stepFinding(1);
    }),
    view("previous-finding", "Former finding", ["Shift+J"], ["violation", "issue"], () => {
      stepFinding(-1);
    }),
    opens("palette", "Command palette", ["Ctrl+K"], ["search commands"]),
    opens("shortcuts", "Keyboard shortcuts", ["?"], ["help", "keys"]),
    opens("library", "Library", ["Ctrl+B"], ["catalogue", "products"]),
    opens("library-search", "Search the library…", ["/"], ["place something", "add product"]),
    opens("layers", "Layers", ["Shift+L"], ["visibility"]),
    opens("inspector", "Inspector", ["Ctrl+I"], ["properties"]),
    opens("results", "Results", [], ["figures", "kpi"]),
    opens("history", "History", ["Ctrl+Alt+H"], ["revisions", "restore"]),
  ];
}

/** Findings that nobody waived, the worst first. */
export function openFindings(host: Editor): readonly Finding[] {
  const order = { blocking: 0, warning: 1, note: 2 };
  return [...(host.results.state.get().result?.findings ?? [])]
    .filter(({ waiver }) => waiver === null)
    .sort((a, b) => order[a.severity] - order[b.severity]);
}

/** Brings a finding into view and selects what it is about. */
export function showFinding(host: Editor, finding: Finding): void {
  const ids = finding.element_ids.filter((id) => host.document.item(id));
  if (ids.length > 0) host.selection.set(ids);
  const box = ids.length > 0 ? host.extent(ids) : null;
  if (box) host.camera.fit(box, 160);
  else if (finding.at_mm) host.camera.centreOn({ x: finding.at_mm[0], y: finding.at_mm[1] });
  host.notify("info", `${finding.title}: ${finding.detail}`);
}
