// Finds a Chromium for tests and the demonstration, or brings one: apt as root on Debian and Ubuntu, else Playwright's installer.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, run, say } from './setup.mjs'

const CANDIDATES = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'],
  darwin: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'],
  win32: ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'],
}

/** Path of a browser to drive: the one that KIOSK_CHROMIUM names, an installed one, or Playwright's own; `undefined` when there is none. */
export function findBrowser() {
  const named = process.env.KIOSK_CHROMIUM
  if (named !== undefined && existsSync(named)) return named
  const installed = (CANDIDATES[process.platform] ?? []).find((path) => existsSync(path))
  if (installed !== undefined) return installed
  const asked = spawnSync(process.execPath, ['-e', "process.stdout.write(require('playwright-core').chromium.executablePath())"], { cwd: ROOT, encoding: 'utf8' })
  const own = asked.status === 0 ? asked.stdout.trim() : ''
  return own !== '' && existsSync(own) ? own : undefined
}

/** As root on Debian or Ubuntu: installs packages that are missing, quietly. Answers whether they are there now. */
export async function installDebianPackages(names) {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (args) => new Promise((resolve) => {
    const child = spawn('apt-get', args, { env: environment, stdio: ['ignore', 'ignore', 'inherit'] })
    child.on('error', () => resolve(false))
    child.on('exit', (code) => resolve(code === 0))
  })
  const install = () => apt(['install', '-y', '-qq', '--no-install-recommends', ...names])
  return (await install()) || ((await apt(['update', '-qq'])) && (await install()))
}

/** Makes sure that a browser is there. */
export async function ensureBrowser() {
  if (findBrowser() !== undefined) return
  say('· 安装 Chromium / installing Chromium …')
  if ((await installDebianPackages(['chromium'])) && findBrowser() !== undefined) return
  await run(process.execPath, [join(ROOT, 'node_modules', 'playwright-core', 'cli.js'), 'install', 'chromium'], { shell: false }).catch(() => undefined)
  if (findBrowser() === undefined) {
    throw new Error('没有找到浏览器：请安装 Chromium 或 Google Chrome，或用环境变量 KIOSK_CHROMIUM 指明它的路径。 / No browser was found: install Chromium or Google Chrome, or name its path in the environment variable KIOSK_CHROMIUM.')
  }
}
