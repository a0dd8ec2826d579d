/** The whole editor on a server in memory: `?modules=8&theme=dark&select=SU-03`. */
import "../../src/styles.css";
import "../../src/styles/editor.css";
import { mount } from "svelte";
import App from "../../src/app/App.svelte";
import { Comments } from "../../src/app/comments";
import { FieldMap } from "../../src/app/field-map";
import { UiState } from "../../src/app/ui-state";
import { systemClock } from "../../src/base/clock";
import { Editor } from "../../src/editor/editor";
import { theme } from "../../src/ui/theme";
import { FakeServer } from "./fake-server";
import { PRODUCTS, sampleElements, TEMPLATES } from "./sample";

const query = new URLSearchParams(location.search);
const count = Number(query.get("modules") ?? 8);
const server = new FakeServer(sampleElements(count, Math.max(3, Math.round(Math.sqrt(count)))));
const editor = new Editor({
  transport: server,
  evaluator: server,
  persistence: server,
  clock: systemClock,
  user: { id: "ana", name: "Ana Kovač" },
  may: ["evaluate", "comment", "edit"],
  settings: { theme: query.get("theme") === "light" ? "light" : "dark" },
});
editor.products.add(PRODUCTS);
const ui = new UiState(() => window.innerWidth);
const target = document.getElementById("app");
if (target) {
  mount(App, {
    target,
    props: {
      app: {
        editor,
        ui,
        backend: server,
        comments: new Comments(server, editor),
        fieldMap: new FieldMap(editor, () => server.study()),
        design: { id: "harness", name: "Hall 1", project: "p", projectName: "Johor Phase 1" },
        shownTheme: theme,
      },
    },
  });
}
editor.templates.set(TEMPLATES);
await editor.start();
ui.opened.set(true);
const wanted = query.get("select");
if (wanted !== null) editor.selection.set(editor.document.withTag(wanted));
Object.assign(window, { editor, ui });
