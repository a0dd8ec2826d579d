/** The loops that a design has, by the names that its equipment and pipes give them. */
import type { DocumentStore } from "../model/store";
import type { ElementId } from "../model/element";

export type Service = "tcs" | "fws";

/** The loop that equipment without one is given, by its hall. */
const BY_HALL = /^TCS (\d+|outdoors)$/;

interface Equipment {
  /** Loops of coolant that racks and CDUs are on. */
  readonly loops: ReadonlySet<string>;
  /** Whether some say none. */
  readonly isLoose: boolean;
}

function ofEquipment(document: DocumentStore): Equipment {
  const loops = new Set<string>();
  let isLoose = false;
  for (const kind of ["rack", "cdu"] as const) {
    for (const id of document.ofKind(kind)) {
      const loop = document.get(id)?.cooling?.loop;
      if (loop) loops.add(loop);
      else isLoose = true;
    }
  }
  return { loops, isLoose };
}

function ofPipes(
  document: DocumentStore,
  service: Service,
  without: ReadonlySet<ElementId>,
): ReadonlySet<string> {
  const names = new Set<string>();
  for (const id of document.ofKind("pipe")) {
    const pipe = document.get(id)?.pipe;
    if (pipe && (pipe.service ?? "tcs") === service && !without.has(id)) names.add(pipe.loop);
  }
  return names;
}

/** Every loop that a pipe can be given: of facility water pipes alone name them. */
export function loopNames(document: DocumentStore, service: Service): readonly string[] {
  const names = new Set(ofPipes(document, service, new Set()));
  if (service === "tcs") for (const name of ofEquipment(document).loops) names.add(name);
  return [...names].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
}

/**
 * Whether nothing but these pipes is of a loop: coolant flows to racks and CDUs, so that other
 * pipes alone do not make one.
 */
export function isLoopOfNothing(
  document: DocumentStore,
  loop: string,
  service: Service,
  pipes: ReadonlySet<ElementId>,
): boolean {
  if (service === "fws") return !ofPipes(document, service, pipes).has(loop);
  const { loops, isLoose } = ofEquipment(document);
  return !loops.has(loop) && !(isLoose && BY_HALL.test(loop));
}
