/**
 * Keeps the picture in step with the editor: listens, marks what is out of date,
 * and draws at most once per animation frame. Nothing runs while nothing changes.
 */
import { Disposables } from "../base/disposable";
import { signal, type Readable } from "../base/signal";
import type { Vec2 } from "../base/vec2";
import type { Camera } from "../editor/camera";
import type { Layers } from "../editor/layers";
import type { Preview } from "../editor/preview";
import type { Results } from "../editor/results";
import type { Selection } from "../editor/selection";
import type { Settings } from "../editor/settings";
import type { HeatMap } from "../model/evaluation";
import { assumedWater } from "../model/facility-water";
import { assumedFeeders, assumedFeedersAt } from "../model/feeders";
import type { DocumentStore } from "../model/store";
import { buildScene } from "./build-scene";
import type { LiveFinding, LiveLayer } from "./live";
import { findingMarkers, leftOutBy, NOTHING_LEFT_OUT, liveLayer, type Peer } from "./live-layer";
import { markerAt, markersOf, placedIn, type Marker } from "./markers";
import { grouped } from "./numbers";
import { classesOf, fieldOf, scaleOf, valuesOf, type OverlayScale } from "./overlays";
import { PALETTES, type ThemeName } from "./palette";
import { ramp } from "./ramp";
import type { Renderer } from "./renderer";
import { runsOf, type Scene } from "./scene";
import type { Field, Skin } from "./skin";
import { tileRowLabel } from "./tile-rows";
import type { View } from "./view";

/** What the view reads of the editor. */
export interface PlanSource {
  readonly document: DocumentStore;
  readonly camera: Camera;
  readonly selection: Selection;
  readonly preview: Preview;
  readonly settings: Settings;
  readonly layers: Layers;
  readonly results: Results;
}

export interface PlanSurroundings {
  readonly theme: Readable<ThemeName>;
  readonly peers: Readable<readonly Peer[]>;
  readonly focusedFinding: Readable<string | null>;
  readonly heatMap: Readable<HeatMap | null>;
  /** Where the handle that turns the selection is, if it may be turned. */
  readonly turnHandle: () => Vec2 | null;
  /** Where the points of the selected run are, if they may be moved. */
  readonly pathHandles: () => LiveLayer["handles"];
  /** Width of a marker's words in CSS pixels. */
  readonly widthOf: (text: string) => number;
  /** Device pixels per CSS pixel. */
  readonly ratio: () => number;
  readonly nextFrame: (draw: () => void) => void;
}

/** The camera counts as at rest this long after its last move. */
const REST_MS = 120;
const MW_FROM_KW = 1000;

export class PlanView {
  private readonly ends = new Disposables();
  private readonly sceneSignal = signal<Scene | null>(null);
  private scene: Scene | null = null;
  private skin: Skin | null = null;
  private feeders: LiveLayer["assumedFeeders"] | null = null;
  private water: LiveLayer["assumedWater"] | null = null;
  private findings: readonly LiveFinding[] | null = null;
  private markers: readonly Marker[] = [];
  private leftOut: ReadonlySet<string> = NOTHING_LEFT_OUT;
  private field: { readonly map: HeatMap; readonly field: Field } | null = null;
  private isAsked = false;
  private isMoving = false;
  private rest: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly source: PlanSource,
    private readonly around: PlanSurroundings,
    private readonly renderer: Renderer,
  ) {
    const { document, camera, selection, preview, settings, layers, results } = source;
    const on = (end: () => void): void => {
      this.ends.add(end);
    };
    const sceneChanged = (): void => {
      this.scene = null;
      this.skin = null;
      this.findings = null;
      this.feeders = null;
      this.water = null;
      this.ask();
    };
    const selectionChanged = (): void => {
      this.feeders = null;
      this.water = null;
      this.ask();
    };
    const skinChanged = this.restyle;
    const markersChanged = (): void => {
      this.findings = null;
      this.ask();
    };
    on(document.changed.on(sceneChanged));
    on(layers.state.subscribe(sceneChanged));
    on(layers.isolated.subscribe(sceneChanged));
    on(results.state.subscribe(skinChanged));
    on(results.state.subscribe(markersChanged));
    on(settings.overlay.subscribe(skinChanged));
    on(settings.overlay.subscribe(markersChanged));
    on(settings.showTiles.subscribe(skinChanged));
    on(settings.showFeeders.subscribe(skinChanged));
    on(settings.showFeeders.subscribe(selectionChanged));
    on(settings.showGrid.subscribe(skinChanged));
    on(settings.gridMm.subscribe(skinChanged));
    on(settings.skipIO.subscribe(sceneChanged));
    on(settings.showDimensions.subscribe(sceneChanged));
    on(settings.showFindings.subscribe(markersChanged));
    on(around.theme.subscribe(skinChanged));
    on(around.heatMap.subscribe(skinChanged));
    on(around.focusedFinding.subscribe(markersChanged));
    on(around.peers.subscribe(this.ask));
    on(selection.ids.subscribe(selectionChanged));
    on(selection.hover.subscribe(this.ask));
    on(preview.state.subscribe(this.ask));
    on(camera.view.subscribe(this.cameraMoved));
  }

  /** The scene on screen, for the overview map. */
  get shown(): Readable<Scene | null> {
    return this.sceneSignal;
  }

  /** The marker of findings that was drawn under a point of the screen, in CSS pixels. */
  markerAt({ x, y }: Vec2): Marker | null {
    return markerAt(this.markers, x, y);
  }

  dispose(): void {
    this.ends.dispose();
    if (this.rest !== null) clearTimeout(this.rest);
    this.renderer.dispose();
  }

  /** Paints the plan anew on the next frame: fonts, colours or values are others. */
  readonly restyle = (): void => {
    this.skin = null;
    this.ask();
  };

  /** Draws on the next frame; asking twice draws once. */
  readonly ask = (): void => {
    if (this.isAsked) return;
    this.isAsked = true;
    this.around.nextFrame(() => {
      this.isAsked = false;
      this.draw();
    });
  };

  private readonly cameraMoved = (): void => {
    this.isMoving = true;
    if (this.rest !== null) clearTimeout(this.rest);
    this.rest = setTimeout(() => {
      this.isMoving = false;
      this.ask();
    }, REST_MS);
    this.ask();
  };

  /** Draws now; the frame loop calls it, and the benchmark. */
  draw(): void {
    const { document, preview, selection } = this.source;
    const scene = this.currentScene();
    const state = preview.state.get();
    this.noteLeftOut(leftOutBy(document, state));
    const view = this.view();
    const findings = this.currentFindings();
    this.markers = markersOf(
      placedIn(view, findings),
      view.width / view.ratio,
      this.around.widthOf,
    );
    const live = liveLayer({
      document,
      preview: state,
      selected: selection.ids.get(),
      hover: selection.hover.get(),
      findings,
      markers: this.markers,
      peers: this.around.peers.get(),
      turnAt: state.moving === null ? this.around.turnHandle() : null,
      handles: state.moving === null ? this.around.pathHandles() : [],
      assumedFeeders: this.currentFeeders(),
      assumedWater: this.currentWater(),
    });
    this.renderer.draw(view, scene, this.currentSkin(scene), live, this.isMoving);
  }

  private view(): View {
    const { centre, zoom, widthPx, heightPx } = this.source.camera.view.get();
    const ratio = this.around.ratio();
    return {
      width: Math.max(1, Math.round(widthPx * ratio)),
      height: Math.max(1, Math.round(heightPx * ratio)),
      scale: zoom * ratio,
      left: centre.x - widthPx / 2 / zoom,
      top: centre.y + heightPx / 2 / zoom,
      ratio,
    };
  }

  private currentScene(): Scene {
    if (this.scene !== null) return this.scene;
    const { document, layers, settings } = this.source;
    const skip = settings.skipIO.get();
    const dimensions = settings.showDimensions.get();
    this.scene = buildScene(document.items(), {
      rowLabel: (hall, row) => tileRowLabel(hall.element.tiles, row, skip),
      hides: (item) => !layers.isVisible(item) || (!dimensions && item.kind === "dimension"),
    });
    this.sceneSignal.set(this.scene);
    return this.scene;
  }

  /** Lines that nobody drew, of the power nodes that are selected. */
  private currentFeeders(): LiveLayer["assumedFeeders"] {
    const { document, layers, selection, settings } = this.source;
    this.feeders ??=
      settings.showFeeders.get() || !layers.of("Feeders").visible
        ? []
        : assumedFeedersAt(document, selection.ids.get()).map(({ points }) => points);
    return this.feeders;
  }

  /** Ways of facility water that nobody drew, of the units that are selected. */
  private currentWater(): LiveLayer["assumedWater"] {
    const { document, layers, selection, settings } = this.source;
    this.water ??=
      settings.showFeeders.get() || !layers.of("Pipes").visible
        ? []
        : assumedWater(document, selection.ids.get()).map(({ points }) => points);
    return this.water;
  }

  private currentFindings(): readonly LiveFinding[] {
    const { document, results, settings } = this.source;
    this.findings ??= settings.showFindings.get()
      ? findingMarkers(
          document,
          results.state.get().result,
          this.around.focusedFinding.get(),
          settings.overlay.get() === "findings",
        )
      : [];
    return this.findings;
  }

  /** What is dragged leaves the plan once per gesture, not once per move. */
  private noteLeftOut(ids: ReadonlySet<string>): void {
    if (ids === this.leftOut) return;
    this.leftOut = ids;
    this.skin = null;
  }

  /** Classed once per map: it has a cell for every half metre of the site. */
  private currentField(scale: OverlayScale | null): Field | null {
    const map = this.around.heatMap.get();
    if (map === null || scale === null) return null;
    if (this.field?.map !== map) this.field = { map, field: fieldOf(map, scale) };
    return this.field.field;
  }

  private currentSkin(scene: Scene): Skin {
    if (this.skin !== null) return this.skin;
    const { document, layers, results, settings } = this.source;
    const showsFeeders = settings.showFeeders.get() && layers.of("Feeders").visible;
    const showsWater = settings.showFeeders.get() && layers.of("Pipes").visible;
    const overlay = settings.overlay.get();
    const theme = this.around.theme.get();
    const scale = scaleOf(overlay);
    const { result } = results.state.get();
    const values = valuesOf(overlay, result, document);
    const classes = classesOf(scene.boxes, values, scale ?? { from: 0, to: 1 });
    this.skin = {
      theme,
      palette: PALETTES[theme],
      ramp: scale === null ? null : ramp(theme, scale.from, scale.to),
      classes,
      runs: runsOf(scene.boxes, classes),
      field: overlay === "heat-map" ? this.currentField(scale) : null,
      moduleTotals: totalsOf(result?.elements.modules),
      leftOut: this.leftOut,
      assumedFeeders: showsFeeders ? assumedFeeders(document).map(({ points }) => points) : [],
      assumedWater: showsWater ? assumedWater(document).map(({ points }) => points) : [],
      tileGrid: settings.showTiles.get(),
      gridMm: settings.showGrid.get() ? settings.gridMm.get() : 0,
    };
    return this.skin;
  }
}

function totalsOf(
  modules: { id: readonly string[]; it_kw: readonly (number | null)[] } | undefined,
): ReadonlyMap<string, string> {
  const totals = new Map<string, string>();
  modules?.id.forEach((id, index) => {
    const kw = modules.it_kw[index];
    if (kw === null || kw === undefined) return;
    totals.set(id, kw >= MW_FROM_KW ? `${grouped(kw / MW_FROM_KW, 2)} MW` : `${grouped(kw)} kW`);
  });
  return totals;
}
