import { svelte } from "@sveltejs/vite-plugin-svelte";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** Serves the harness pages; nothing here is shipped. */
// eslint-disable-next-line no-restricted-syntax -- Vite reads the default export.
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  plugins: [svelte()],
  server: { host: "127.0.0.1", port: 0 },
  cacheDir: process.env["HARNESS_CACHE"] ?? "node_modules/.vite-harness",
});
