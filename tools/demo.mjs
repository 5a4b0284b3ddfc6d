// `npm run demo`: plays the whole journey by itself and leaves its pictures in out/demo.
import { join } from 'node:path'
import { ensureBrowser } from './browser.mjs'
import { ROOT, buildPage, entry, node24, run, setUp } from './setup.mjs'

await entry(async () => {
  await setUp()
  await ensureBrowser()
  await buildPage()
  await run(node24(), [join(ROOT, 'tools', 'demo.ts'), ...process.argv.slice(2)], { shell: false })
})
