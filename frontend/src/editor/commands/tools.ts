import type { Command, CommandGroup } from "../commands";
import type { Editor } from "../editor";
import type { ToolArgs } from "../tool";

/** One command per tool, and one per kind of thing that can be placed. */
export function toolCommands(host: Editor): readonly Command[] {
  const canWrite = (): boolean => host.canEdit.get();
  const tool = (
    id: string,
    title: string,
    group: CommandGroup,
    keys: readonly string[],
    aliases: readonly string[],
    writes = true,
  ): Command => ({
    id: `tool.${id}`,
    title,
    aliases,
    keys,
    group,
    ...(writes ? { when: canWrite } : {}),
    run: () => {
      host.tools.activate(id);
    },
  });
  /** Places the product asked for, else the one last placed, else the first of its kind. */
  const place = (
    category: string,
    title: string,
    keys: readonly string[],
    aliases: readonly string[],
  ): Command => ({
    id: `place.${category}`,
    title,
    aliases,
    keys,
    group: "Place",
    when: () => canWrite() && host.products.all().some((record) => record.category === category),
    run: ({ product, variant }) => {
      const records = host.products.all().filter((record) => record.category === category);
      const last = lastProduct(host, category);
      const id = product ?? last ?? records[0]?.id;
      if (id === undefined) return;
      host.tools.activate("place", variant ? { productId: id, variant } : { productId: id });
    },
  });
  const simple = (kind: string, title: string, keys: readonly string[]): Command => ({
    id: `place.${kind}`,
    title,
    aliases: [],
    keys,
    group: "Draw",
    when: canWrite,
    run: () => {
      host.tools.activate("place", { kind });
    },
  });
  return [
    tool("select", "Select", "Select", ["V"], ["pointer", "arrow"], false),
    tool("lasso", "Select by a lasso", "Select", ["L"], ["polygon", "free line"], false),
    tool("fence", "Select by a fence", "Select", ["Shift+F"], ["crossing line"], false),
    tool("pan", "Pan", "View", ["H"], ["hand", "move view"], false),
    tool("zoom-window", "Zoom window", "View", ["Z"], ["zoom to a box"], false),
    place("rack", "Place rack", ["R"], ["cabinet", "row"]),
    place("cdu", "Place CDU", ["K"], ["coolant distribution unit"]),
    place("panel", "Place power panel", ["E"], ["RPP", "electrical"]),
    place("air_handler", "Place air handler", ["Shift+A"], ["CRAH", "fan wall"]),
    place("busway", "Place busway", ["B"], ["track", "power rail"]),
    place("ups", "Place UPS", [], []),
    place("rectifier", "Place rectifier", [], ["800 V DC", "sidecar", "power rack"]),
    place("switchboard", "Place switchboard", [], []),
    place("transformer", "Place transformer", [], []),
    place("generator", "Place generator", [], ["genset"]),
    place("dry_cooler", "Place dry cooler", [], ["heat rejection"]),
    place("chiller", "Place chiller", [], ["heat rejection"]),
    {
      id: "place.module",
      title: "Place module",
      aliases: ["pod", "scalable unit", "block"],
      keys: ["U"],
      group: "Place",
      when: () => canWrite() && host.templates.get().length > 0,
      run: ({ template, type }) => {
        const first = host.templates.get()[0]?.template_id;
        const args: ToolArgs = type ? { typeId: type } : { templateId: template ?? first ?? "" };
        host.tools.activate("place", args);
      },
    },
    simple("containment", "Place containment", []),
    simple("column", "Place column", ["Shift+C"]),
    simple("door", "Place door", ["Shift+D"]),
    {
      id: "place.note",
      title: "Place note…",
      aliases: ["text", "label", "annotation"],
      keys: ["Shift+T"],
      group: "Draw",
      when: canWrite,
      args: [
        {
          id: "text",
          label: "Text",
          initial: "",
          check: (text) => (text.trim() === "" ? "Type the note." : ""),
        },
      ],
      run: ({ text }) => {
        if (text === undefined) host.ask("command:place.note");
        else host.tools.activate("place", { kind: "note", text });
      },
    },
    tool("hall", "Draw hall", "Draw", ["Shift+O"], ["room", "outline", "white space"]),
    tool("keepout", "Draw keep-out", "Draw", ["Shift+K"], ["no-go", "reserved"]),
    tool("pipe", "Draw pipe", "Draw", ["P"], ["run", "loop", "supply", "return", "manifold"]),
    tool("tray", "Draw tray", "Draw", ["T"], ["run", "cable", "ladder", "basket"]),
    tool("area", "Draw area", "Draw", [], ["zone", "gallery"]),
    tool("array", "Array", "Arrange", ["A"], ["repeat", "row of racks", "8@600"]),
    tool("measure", "Measure", "Measure", ["M"], ["distance", "ruler", "DI"], false),
    tool("dimension", "Draw dimension", "Measure", ["D"], ["dim"]),
  ];
}

/** The product that was used last in this design for a kind. */
function lastProduct(host: Editor, category: string): string | undefined {
  const args = host.tools.activeArgs;
  if (args.productId && host.products.get(args.productId)?.category === category) {
    return args.productId;
  }
  let newest: string | undefined;
  for (const id of host.document.ofKind(category as never)) {
    if (newest === undefined || id > newest) newest = id;
  }
  return newest === undefined ? undefined : host.document.get(newest)?.product?.product_id;
}
