import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  base: "/static/build/",
  plugins: [svelte()],
  // The pages are Django's; Vite serves and builds assets only.
  appType: "custom",
  publicDir: false,
  // Svelte's client build is the one under test, also in jsdom.
  resolve: process.env["VITEST"] ? { conditions: ["browser"] } : {},
  server: { port: 5173, strictPort: true, origin: "http://localhost:5173" },
  build: {
    outDir: "../static/build",
    emptyOutDir: true,
    // Django reads the manifest from here; a folder that begins with a dot is not collected.
    manifest: "manifest.json",
    target: "es2022",
    // The content security policy takes fonts from files only.
    assetsInlineLimit: 0,
    rollupOptions: {
      input: ["src/main.ts", "src/charts.ts", "src/jobs.ts", "src/economics.ts", "src/review.ts"],
    },
  },
  test: {
    include: ["test/**/*.test.ts"],
    environment: "node",
    benchmark: { include: ["test/**/*.bench.ts"] },
  },
});
