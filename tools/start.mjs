// `npm start`: sets everything up, then runs the kiosk with its sandbox world.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ROOT, buildPage, entry, node24, setUp } from './setup.mjs'

await entry(async () => {
  await setUp()
  await buildPage()
  const child = spawn(node24(), [join(ROOT, 'tools', 'start.ts'), ...process.argv.slice(2)], { cwd: ROOT, stdio: 'inherit' })
  // Ctrl-C reaches the child through the terminal; other ends are handed on.
  process.on('SIGINT', () => undefined)
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  process.exitCode = await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)))
})
