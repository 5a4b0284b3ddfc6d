// Runs on whatever Node >= 20 the machine has. Brings what is missing and answers where Node 24 is; nothing else is assumed.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const OLDEST_NODE = 20
const NODE_OF_THE_PROJECT = 24

/** Says one step of the set-up. */
export function say(line) {
  process.stdout.write(`${line}\n`)
}

/** Runs a command to its end; rejects when it fails. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32', ...options })
    child.on('error', reject)
    child.on('exit', (code, signal) => (code === 0 ? resolve() : reject(new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}`))))
  })
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Installs the packages of the lock file when they are not there, or when the lock file has changed since. */
async function installPackages() {
  const stamp = join(ROOT, 'node_modules', '.installed-from')
  const wanted = sha256(readFileSync(join(ROOT, 'package-lock.json')))
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  say('· 安装依赖（首次约一分钟） / installing packages (about a minute, first time only) …')
  // The runtime of the text engine brings what it needs in its package; its install script would look for graphics-card parts on
  // another server, and fail the whole installation where there is only a package registry. `allowScripts` in package.json
  // denies it; npm that does not know that setting is told here.
  await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' } })
  writeFileSync(stamp, wanted)
}

/** The project's own Node 24, from the npm package `node`; or the running one when it is as new. */
export function node24() {
  const own = join(ROOT, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(own)) return own
  if (Number(process.versions.node.split('.')[0]) >= NODE_OF_THE_PROJECT) return process.execPath
  throw new Error('没有找到 Node 24：请删除 node_modules 后重试。 / Node 24 was not found: remove node_modules and try again.')
}

/** A folder's files with their times and sizes, as one fingerprint. */
function fingerprint(folders) {
  const hash = createHash('sha256')
  const visit = (path) => {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat === undefined) return
    if (stat.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name))
    else hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`)
  }
  for (const folder of folders) visit(join(ROOT, folder))
  return hash.digest('hex')
}

/** Builds the page when its sources have changed since the last build. */
export async function buildPage() {
  const stamp = join(ROOT, 'dist', '.built-from')
  const wanted = fingerprint(['renderer', 'core', 'assets', 'sandbox/bench', 'vite.config.ts', 'package-lock.json'])
  if (existsSync(stamp) && existsSync(join(ROOT, 'dist', 'page', 'index.html')) && readFileSync(stamp, 'utf8') === wanted) return
  say('· 构建页面 / building the pages …')
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js')
  await run(node24(), [vite, 'build', '--logLevel', 'warn'], { shell: false })
  await run(node24(), [vite, 'build', '--logLevel', 'warn', '--config', 'sandbox/bench/vite.config.ts'], { shell: false })
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
}

/** Everything that both commands need before their own work begins. */
export async function setUp() {
  const major = Number(process.versions.node.split('.')[0])
  if (major < OLDEST_NODE) throw new Error(`需要 Node ${OLDEST_NODE} 或更新版本，现在是 ${process.versions.node}。 / Node ${OLDEST_NODE} or newer is needed; this is ${process.versions.node}.`)
  await installPackages()
}

/** Runs `main` and turns a failure into one sentence and a failing exit. */
export async function entry(main) {
  try {
    await main()
  } catch (error) {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
