import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const PACKAGE = join(ROOT, 'node_modules', 'electron')

/** Longer than a slow line needs for 120 MB would keep a visitor waiting for a window that the browser gives at once. */
const FETCH_LIMIT_MS = 120_000

/**
 * Electron's own program, when it is on this machine. Looks for the file only: asking the package itself would start its
 * download.
 */
export function electronBinary(): string | undefined {
  const named = join(PACKAGE, 'path.txt')
  if (!existsSync(named)) return undefined
  const binary = join(PACKAGE, 'dist', readFileSync(named, 'utf8').trim())
  return existsSync(binary) ? binary : undefined
}

/** Fetches the program with the package's own installer. `undefined` when it cannot be had here in reasonable time. */
export async function fetchElectron(): Promise<string | undefined> {
  const present = electronBinary()
  if (present !== undefined) return present
  await run(process.execPath, [join(PACKAGE, 'install.js')], FETCH_LIMIT_MS)
  return electronBinary()
}

/** Builds the shell for Electron: main process, preload and the child processes. */
export async function buildShell(): Promise<boolean> {
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js')
  for (const mode of ['shell', 'preload']) {
    if (!(await run(process.execPath, [vite, 'build', '--config', 'electron/shell/vite.config.ts', '--mode', mode, '--logLevel', 'error']))) return false
  }
  return true
}

/** Whether there is a screen to open a window on. */
export function hasScreen(): boolean {
  return process.platform === 'win32' || process.platform === 'darwin' || process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined
}

/** Resolves to whether the program ended well within its time. */
function run(command: string, args: readonly string[], limitMs?: number): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'ignore', ...(limitMs !== undefined && { timeout: limitMs }) })
    child.on('error', () => resolve(false))
    child.on('exit', (code) => resolve(code === 0))
  })
}
