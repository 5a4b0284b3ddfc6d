// `npm test`: sets everything up, then checks types, style, doors and generated files, and runs every test.
// Ends with one line that counts all of it.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, dirname, join, relative } from 'node:path'
import { ensureBrowser, findBrowser, installDebianPackages } from './browser.mjs'
import { ROOT, buildPage, entry, node24, say, setUp } from './setup.mjs'

/** Each takes a core and about 1.5 GB. */
const CHECKS_AT_ONCE = 2
const SLOWEST_SHOWN = 8

const OUT = join(ROOT, 'out', 'test')
const MODULES = join(ROOT, 'node_modules')

/**
 * Each a program of a package, run on the project's own Node. `report` names the JSON file that counts its tests; a stage
 * without one is a check, which says nothing unless it fails. Checks run two at a time, the longest first.
 */
const STAGES = [
  { name: '代码风格 / lint', bin: 'eslint/bin/eslint.js', args: ['.', '--max-warnings', '0'] },
  { name: '类型 / types', bin: 'vue-tsc/bin/vue-tsc.js', args: ['--noEmit', '-p', 'tsconfig.json'] },
  { name: '类型（core 无平台） / types of core, without a platform', bin: 'typescript/bin/tsc', args: ['--noEmit', '-p', 'core/tsconfig.json'] },
  { name: '房间之间的门 / doors between rooms', bin: 'dependency-cruiser/bin/dependency-cruise.mjs', args: ['--config', '.dependency-cruiser.cjs', 'core', 'drivers', 'electron', 'renderer', 'sandbox', 'tools', 'tests'] },
  { name: '生成的文件 / generated files', script: 'tools/generate.ts', args: ['--check'] },
  { name: '单元与契约测试 / unit and contract tests', bin: 'vitest/vitest.mjs', args: ['run', '--reporter=default', '--reporter=json', '--outputFile.json=out/test/vitest.json'], report: 'vitest.json' },
  { name: '端到端测试 / end-to-end tests', bin: '@playwright/test/cli.js', args: ['test'], report: 'playwright.json' },
]

/**
 * Programs that stand at the other end of our real bindings: pseudo-terminals, HID devices, SANE's test scanner, an IPP
 * printer, CUPS, a PC/SC reader. Where one cannot be had its tests are named as skipped.
 */
const PROOFS = { socat: 'socat', 'umockdev-run': 'umockdev', scanimage: 'sane-utils', ippeveprinter: 'cups-ipp-utils', cupsd: 'cups-daemon', lpadmin: 'cups-client', 'cups-filters': 'cups-filters', 'dbus-daemon': 'dbus', 'avahi-daemon': 'avahi-daemon', pcscd: 'pcscd', vpcd: 'vsmartcard-vpcd', ip: 'iproute2' }
const PROOF_PLACES = ['/usr/bin', '/usr/sbin', '/sbin', '/bin', '/usr/local/bin', '/opt/homebrew/bin', '/usr/lib/cups/filter', '/usr/share/doc']

await entry(async () => {
  const started = Date.now()
  // They come from the net, while packages are unpacked and checks take the processor.
  const programs = installPrograms()
  await setUp()
  rmSync(OUT, { recursive: true, force: true })
  mkdirSync(OUT, { recursive: true })

  const only = process.argv.slice(2)
  const counts = { passed: 0, failed: 0, skipped: 0 }
  const failed = []
  const wanted = STAGES.filter((candidate) => only.length === 0 || only.some((word) => candidate.name.includes(word)))
  const ended = (stage, good, begun) => {
    const counted = stage.report === undefined ? undefined : readCounts(join(OUT, stage.report))
    if (counted === undefined) counts[good ? 'passed' : 'failed'] += 1
    else {
      for (const kind of ['passed', 'failed', 'skipped']) counts[kind] += counted[kind]
      // A runner that broke down outside of any test is a failure too.
      if (!good && counted.failed === 0) counts.failed += 1
      for (const name of counted.skippedNames) say(`  – 跳过 / skipped: ${name}`)
    }
    if (!good) failed.push(stage.name)
    say(`  ${good ? '✓' : '✗'} ${stage.name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`)
  }

  const checks = wanted.filter(({ report }) => report === undefined)
  if (checks.length > 0) say(`\n▸ ${checks.map(({ name }) => name).join('; ')} …`)
  const waiting = [...checks]
  const runChecks = async () => {
    for (let stage = waiting.shift(); stage !== undefined; stage = waiting.shift()) {
      const begun = Date.now()
      const { good, output } = await runStage(stage, 'pipe')
      // What a check has to say stands together, whatever ran beside it.
      if (!good) process.stdout.write(output)
      ended(stage, good, begun)
    }
  }
  // The pages are built in the turn of one check; only tests need them.
  const turns = Array.from({ length: CHECKS_AT_ONCE - 1 }, runChecks)
  await Promise.all([...turns, buildPage().then(runChecks), programs])
  await ensureBrowser()

  for (const stage of wanted.filter(({ report }) => report !== undefined)) {
    say(`\n▸ ${stage.name}`)
    const begun = Date.now()
    const { good } = await runStage(stage, 'inherit')
    if (stage.report === 'vitest.json') saySlowest(join(OUT, stage.report))
    ended(stage, good, begun)
  }
  if (failed.length > 0) say(`\n未通过 / not passed: ${failed.join('; ')}`)
  say(`\n${((Date.now() - started) / 1000).toFixed(0)} s`)
  say(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  process.exitCode = counts.failed === 0 ? 0 : 1
})

/** A browser, and what stands in for hardware, where this system can install them. */
async function installPrograms() {
  const proofs = Object.entries(PROOFS).filter(([program, name]) => !PROOF_PLACES.some((place) => existsSync(join(place, program)) || existsSync(join(place, name)))).map(([, name]) => name)
  const missing = [...(findBrowser() === undefined ? ['chromium'] : []), ...proofs]
  if (missing.length === 0) return
  say(`· 安装浏览器和真机联调用的程序 / installing a browser and programs that stand in for hardware: ${missing.join(', ')} …`)
  // One that does not exist here must not keep the others out.
  if (!(await installDebianPackages(missing))) for (const name of missing) await installDebianPackages([name])
}

/** Runs a stage to its end. With `pipe` its words are kept and given back, and not shown. */
function runStage(stage, words) {
  const program = stage.script === undefined ? join(MODULES, stage.bin) : join(ROOT, stage.script)
  const node = node24()
  const environment = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`, KIOSK_CHROMIUM: findBrowser() ?? '', NODE_OPTIONS: '--max-old-space-size=4096' }
  return new Promise((resolve) => {
    const child = spawn(node, [program, ...stage.args], { cwd: ROOT, stdio: ['inherit', words, words], env: environment })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (piece) => (output += piece))
    child.on('error', (error) => resolve({ good: false, output: `${error.message}\n` }))
    child.on('close', (code) => resolve({ good: code === 0, output }))
  })
}

/** Which files the time went to, in one line. */
function saySlowest(file) {
  if (!existsSync(file)) return
  const files = JSON.parse(readFileSync(file, 'utf8')).testResults.map(({ name, startTime, endTime }) => ({ name: relative(ROOT, name), seconds: (endTime - startTime) / 1000 }))
  const slowest = files.sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST_SHOWN)
  say(`  最慢的文件 / slowest files: ${slowest.map(({ name, seconds }) => `${name} ${seconds.toFixed(1)} s`).join(', ')}`)
}

/** Counts from a vitest or a Playwright JSON report. */
function readCounts(file) {
  if (!existsSync(file)) return undefined
  const report = JSON.parse(readFileSync(file, 'utf8'))
  if (report.stats !== undefined) {
    const { expected, unexpected, flaky, skipped } = report.stats
    // A test that passed only on a second try is a failure here: retries are off, and must stay off.
    return { passed: expected, failed: unexpected + flaky, skipped, skippedNames: skippedIn(report.suites) }
  }
  const tests = report.testResults.flatMap((result) => result.assertionResults)
  const skippedTests = tests.filter((test) => test.status === 'skipped' || test.status === 'pending' || test.status === 'todo')
  return { passed: report.numPassedTests, failed: report.numFailedTests, skipped: skippedTests.length, skippedNames: skippedTests.map((test) => test.fullName) }
}

function skippedIn(suites = []) {
  return suites.flatMap((suite) => [
    ...skippedIn(suite.suites),
    ...(suite.specs ?? []).filter((spec) => spec.tests.every((test) => test.status === 'skipped')).map((spec) => spec.title),
  ])
}
