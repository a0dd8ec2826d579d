import { svelte } from "@sveltejs/vite-plugin-svelte";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** Builds the benchmark page; the output folder comes from the command line. */
// eslint-disable-next-line no-restricted-syntax -- Vite reads the default export.
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  plugins: [svelte()],
  build: {
    target: "es2022",
    rollupOptions: { input: fileURLToPath(new URL("./bench.html", import.meta.url)) },
  },
});
