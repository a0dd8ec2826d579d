/** Entry of the editor page: puts the editor together from what the page says about the design. */
import "./styles.css";
import "./styles/editor.css";
import { mount } from "svelte";
import { DesignClient } from "./api/client";
import { Http } from "./api/http";
import { LiveSocket } from "./api/live";
import { IndexedDbPersistence, MemoryPersistence } from "./api/persistence";
import App from "./app/App.svelte";
import { ServerBackend } from "./app/backend";
import { cookieNamed, keptSettings, keepSettings, openSocket } from "./app/browser";
import { Comments } from "./app/comments";
import { FieldMap } from "./app/field-map";
import { wantedIds } from "./app/system-links";
import { UiState } from "./app/ui-state";
import { zoomToIds } from "./app/zoom";
import { systemClock } from "./base/clock";
import { Driver } from "./editor/driver";
import { Editor } from "./editor/editor";
import type { Offer } from "./model/wire";
import { theme } from "./ui/theme";

/** For scripts in the browser's console and for tests: see docs/architecture.md. */
export interface Automation {
  readonly editor: Editor;
  /** A user made of code, with world coordinates in millimetres. */
  readonly driver: Driver;
}

declare global {
  interface Window {
    plenum?: Automation;
  }
}

function openEditor(target: HTMLElement): void {
  const { designId = "", designName = "", projectId = "", projectName = "" } = target.dataset;
  const { userId = "", userName = "", may = "", csrfCookie = "csrftoken" } = target.dataset;
  const offers: readonly Offer[] = ["evaluate", "comment", "edit"];
  const http = new Http(
    (url, init) => fetch(url, init),
    () => cookieNamed(csrfCookie),
  );
  const client = new DesignClient(http, designId);
  const editor = new Editor({
    transport: client,
    evaluator: client,
    persistence:
      "indexedDB" in window
        ? new IndexedDbPersistence(window.indexedDB, `${userId}/${designId}`)
        : new MemoryPersistence(),
    clock: systemClock,
    user: { id: userId, name: userName },
    may: offers.filter((offer) => may.split(" ").includes(offer)),
    settings: keptSettings(),
  });
  const ui = new UiState(() => window.innerWidth);
  ui.unread.set(Number(target.dataset["unread"] ?? 0));
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = new LiveSocket(
    `${scheme}://${location.host}/ws/designs/${designId}`,
    openSocket,
    systemClock,
    (message) => {
      editor.receive(message);
      comments.receive(message);
      if (message.type === "hello") ui.letIn();
      if (message.type === "notice") {
        ui.unread.set(ui.unread.get() + 1);
        ui.spoken.set("You have a new notice.");
      }
    },
    (why) => {
      editor.rights.end();
      ui.shutOut(why);
    },
  );

  const backend = new ServerBackend(http, client, { id: designId, project: projectId }, () =>
    editor.newId(),
  );
  const comments = new Comments(backend, editor);
  const app = {
    editor,
    ui,
    backend,
    comments,
    fieldMap: new FieldMap(editor, (revision) => backend.study(revision)),
    design: { id: designId, name: designName, project: projectId, projectName },
    shownTheme: theme,
  };
  target.replaceChildren();
  mount(App, { target, props: { app } });

  window.plenum = { editor, driver: new Driver(editor) };
  keepSettings(editor.settings);
  editor.presence.changed.on(() => {
    socket.presence(() => editor.presence.whereabouts());
  });
  const retry = (): void => {
    socket.retryNow();
    editor.session.retryNow();
  };
  window.addEventListener("online", retry);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") retry();
  });
  window.addEventListener("beforeunload", (event) => {
    if (editor.session.pendingCount > 0) event.preventDefault();
  });

  const open = async (): Promise<void> => {
    const library = Promise.all([client.products(), client.templates()]);
    await editor.start(
      library.then(([products, templates]) => {
        editor.products.add(products);
        editor.templates.set(templates);
      }),
    );
    ui.opened.set(true);
    zoomToIds(app, wantedIds(window.location.search));
    socket.start();
  };
  open().catch((error: unknown) => {
    ui.failure.set(error instanceof Error ? error.message : String(error));
  });
}

const target = document.getElementById("app");
if (target !== null) openEditor(target);
