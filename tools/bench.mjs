// `npm run bench [-- name …]`: measures what tests/bench holds, each as a ratio within one run, and says what it ran on.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ensureBrowser } from './browser.mjs'
import { ROOT, buildPage, entry, node24, setUp } from './setup.mjs'

await entry(async () => {
  await setUp()
  await ensureBrowser()
  await buildPage()
  const ended = spawnSync(node24(), ['--no-warnings', join(ROOT, 'tools', 'bench.ts'), ...process.argv.slice(2)], { cwd: ROOT, stdio: 'inherit' })
  process.exitCode = ended.status ?? 1
})
