import type { ElementId, PlanElement } from "../../model/element";
import type { Item } from "../../model/item";
import type { Command } from "../commands";
import type { Editor } from "../editor";

/** What is selected, and what is seen of it. */
export function selectCommands(host: Editor): readonly Command[] {
  const { selection, document, layers } = host;
  const pickable = (): readonly ElementId[] =>
    [...document.items()]
      .filter((item) => layers.isPickable(item) && isTop(item))
      .map(({ id }) => id);
  /** Members count only inside the module that is entered. */
  const isTop = (item: Item): boolean => {
    const entered = selection.entered.get();
    return entered === null ? item.moduleId === null : item.moduleId === entered;
  };
  const hasSelection = (): boolean => selection.size > 0;
  return [
    {
      id: "select.all",
      title: "Select all",
      aliases: ["everything"],
      keys: ["Ctrl+A"],
      group: "Select",
      run: () => {
        selection.set(pickable());
      },
    },
    {
      id: "select.none",
      title: "Select nothing",
      aliases: ["deselect", "clear"],
      keys: [],
      group: "Select",
      when: hasSelection,
      run: () => {
        selection.clear();
      },
    },
    {
      id: "select.invert",
      title: "Invert selection",
      aliases: ["opposite"],
      keys: ["Alt+Shift+I"],
      group: "Select",
      run: () => {
        selection.set(pickable().filter((id) => !selection.has(id)));
      },
    },
    {
      id: "select.previous",
      title: "Select what was selected before",
      aliases: ["last selection"],
      keys: ["Alt+Shift+P"],
      group: "Select",
      run: () => {
        selection.previous();
      },
    },
    {
      id: "select.similar",
      title: "Select similar",
      aliases: ["same product", "same kind"],
      keys: ["Alt+Shift+A"],
      group: "Select",
      when: hasSelection,
      run: () => {
        const looks = new Set([...selection.ids.get()].map((id) => lookOf(document.item(id))));
        selection.set(pickable().filter((id) => looks.has(lookOf(document.item(id)))));
      },
    },
    {
      id: "select.loop",
      title: "Select everything on the same loop",
      aliases: ["coolant circuit", "TCS"],
      keys: [],
      group: "Select",
      when: () => [...selection.ids.get()].some((id) => loopOf(document.get(id)) !== undefined),
      run: () => {
        const loops = new Set(
          [...selection.ids.get()].flatMap((id) => loopOf(document.get(id)) ?? []),
        );
        selection.set(
          [...document.items()]
            .filter(({ element }) => loops.has(loopOf(element) ?? ""))
            .map(({ id }) => id),
        );
      },
    },
    {
      id: "select.fed",
      title: "Select everything fed from here",
      aliases: ["downstream", "circuit"],
      keys: [],
      group: "Select",
      when: hasSelection,
      run: () => {
        const sources = selection.ids.get();
        selection.set(
          [...document.items()]
            .filter(({ element: { feeds, upstream, feeder } }) =>
              [feeds?.a, feeds?.b, upstream?.source, feeder?.to].some(
                (id) => id && sources.has(id),
              ),
            )
            .map(({ id }) => id),
        );
      },
    },
    {
      id: "select.isolate",
      title: "Isolate selection",
      aliases: ["only this", "solo"],
      keys: ["I"],
      group: "Select",
      when: () => hasSelection() || layers.isolated.get() !== null,
      run: () => {
        layers.isolate(layers.isolated.get() === null ? selection.ids.get() : null);
      },
    },
    {
      id: "select.find",
      title: "Find…",
      aliases: ["search", "go to tag"],
      keys: ["Ctrl+F"],
      group: "Select",
      run: ({ query }) => {
        if (query === undefined) host.ask("find");
        else {
          host.finder.find(query);
          host.finder.step(1);
        }
      },
    },
  ];
}

const lookOf = (item: Item | undefined): string =>
  `${item?.kind ?? ""}:${item?.element.product?.product_id ?? item?.element.type?.type_id ?? ""}`;

const loopOf = (element: PlanElement | undefined): string | undefined =>
  element?.cooling?.loop ?? element?.pipe?.loop;
