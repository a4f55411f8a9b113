import { defineConfig } from "vite";

export default defineConfig({
  base: "./", // wherever the files are put
  esbuild: { legalComments: "inline" }, // React's licence goes with it
  build: {
    target: "es2022",
    modulePreload: false,
    // The built files are committed: the same names each time, so that a change shows as one.
    rollupOptions: { output: { entryFileNames: "app.js", assetFileNames: "app[extname]" } },
  },
});
