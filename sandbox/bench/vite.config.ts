import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Builds the bench page to dist/bench, beside and apart from what ships. It is served under a CSP without inline anything. */
export default defineConfig({
  root: here('./page'),
  base: './',
  plugins: [vue()],
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
  build: {
    outDir: here('../../dist/bench'),
    emptyOutDir: true,
    target: 'chrome128',
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: { input: here('./page/index.html') },
  },
})
