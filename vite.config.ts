import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * Builds the citizen page to dist/page. It is served under a CSP without `unsafe-inline` and `unsafe-eval`, so nothing may
 * be put into the HTML or into data: URLs; paths are relative, because the page is served by two hosts.
 * `renderer/preview` is only reachable on the development server: it is not an input of the build.
 */
export default defineConfig({
  root: here('./renderer'),
  base: './',
  plugins: [vue()],
  define: {
    __VUE_OPTIONS_API__: 'true',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  build: {
    outDir: here('./dist/page'),
    emptyOutDir: true,
    target: 'chrome128',
    modulePreload: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: { input: here('./renderer/index.html') },
  },
  server: { host: '127.0.0.1', fs: { allow: [here('./')] } },
})
