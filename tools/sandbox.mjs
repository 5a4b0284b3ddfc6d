// `npm run sandbox -- show|tell …`: runs tools/sandbox.ts with the Node that is pinned in package.json.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const node = fileURLToPath(new URL(`../node_modules/.bin/node${process.platform === 'win32' ? '.cmd' : ''}`, import.meta.url))
if (existsSync(node)) process.exitCode = spawnSync(node, [fileURLToPath(new URL('sandbox.ts', import.meta.url)), ...process.argv.slice(2)], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' }).status ?? 1
else {
  console.error('还没有安装依赖，请先运行 npm ci。\nThe dependencies are not installed yet: run npm ci first.')
  process.exitCode = 2
}
