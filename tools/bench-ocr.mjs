// `npm run bench:ocr [-- --pages N --engines a,b …]`: the product's text engines beside the system's tesseract on made pages.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ensureBrowser, installDebianPackages } from './browser.mjs'
import { ROOT, entry, node24, say, setUp } from './setup.mjs'

/** Fonts that the papers are drawn with, and the program that they are read with for comparison. */
const PACKAGES = [
  'fonts-noto-cjk', 'fonts-wqy-zenhei', 'fonts-wqy-microhei', 'fonts-arphic-ukai', 'fonts-arphic-uming', 'fonts-arphic-gbsn00lp', 'fonts-lxgw-wenkai', 'fonts-ocr-b',
  'tesseract-ocr', 'tesseract-ocr-chi-sim',
]

const isInstalled = (name) => spawnSync('dpkg-query', ['-W', '-f=${Status}', name], { encoding: 'utf8' }).stdout?.includes('install ok installed') ?? false

await entry(async () => {
  await setUp()
  await ensureBrowser()
  const missing = PACKAGES.filter((name) => !isInstalled(name))
  if (missing.length > 0) {
    say(`· 安装字体和对照程序 / installing fonts and the program to compare with: ${missing.join(' ')} …`)
    if (!installDebianPackages(missing)) say('! 未能安装（需要 Debian 或 Ubuntu 的 root）；字体不全时页面会用别的字体画。 / Not installed (needs root on Debian or Ubuntu); pages are drawn with other faces then.')
  }
  const ended = spawnSync(node24(), ['--no-warnings', join(ROOT, 'tests', 'bench', 'ocr', 'run.ts'), ...process.argv.slice(2)], { cwd: ROOT, stdio: 'inherit' })
  process.exitCode = ended.status ?? 1
})
