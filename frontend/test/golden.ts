import { readdirSync, readFileSync } from "node:fs";

const ROOT = new URL("../../tests/golden/", import.meta.url);

/** One golden file, shared with the server's tests. */
export function golden<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, ROOT), "utf8")) as T;
}

/** All golden files of a folder, by name. */
export function goldens<T>(folder: string): readonly (readonly [string, T])[] {
  return readdirSync(new URL(`${folder}/`, ROOT))
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => [file.replace(".json", ""), golden<T>(`${folder}/${file}`)] as const);
}
