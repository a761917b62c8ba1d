import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const BUDGET_KB = 300;

/** A `.gz` beside each asset, and the sum of script and style against the budget. */
function compressed(): Plugin {
  let folder = "";
  return {
    name: "compressed",
    apply: "build",
    configResolved(config) {
      folder = config.build.outDir;
    },
    closeBundle() {
      const sums: Record<string, number> = { js: 0, css: 0 };
      for (const name of readdirSync(join(folder, "assets"))) {
        const file = join(folder, "assets", name);
        if (name.endsWith(".gz") || !statSync(file).isFile()) continue;
        const body = gzipSync(readFileSync(file), { level: 9 });
        writeFileSync(`${file}.gz`, body);
        const kind = name.slice(name.lastIndexOf(".") + 1);
        if (kind in sums) sums[kind] = (sums[kind] ?? 0) + body.length;
      }
      const [js, css] = [(sums.js ?? 0) / 1000, (sums.css ?? 0) / 1000];
      const said = `${js.toFixed(1)} + ${css.toFixed(1)} = ${(js + css).toFixed(1)} kB`;
      if (js + css > BUDGET_KB)
        throw new Error(`script + style, gzipped: ${said}, over ${BUDGET_KB}`);
      this.info(`script + style, gzipped: ${said} of ${BUDGET_KB}`);
    },
  };
}

export default defineConfig({
  base: "/",
  plugins: [react(), compressed()],
  resolve: { alias: { "~": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: process.env.OPSWEAVE_STATIC ?? "../src/opsweave/server/static",
    emptyOutDir: true,
    assetsDir: "assets",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        // Few requests: what others wrote, the shell, all that is drawn, and the plotter alone.
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: "series", test: /\/(uplot|src\/widgets\/series)\//, priority: 2 },
            { name: "widgets", test: /\/src\/(widgets\/\w+|shared\/charts)\//, priority: 1 },
            { name: "base", test: /\/(node_modules|src\/shared)\// },
          ],
        },
      },
    },
  },
  server: { proxy: { "/api": process.env.OPSWEAVE_URL ?? "http://127.0.0.1:7100" } },
});
