/**
 * The running part of `npm run bench`: every `tests/bench/*.bench.ts` in turn (they share the machine, so never together),
 * one table, and `out/bench/report.json`. Fails when an aim is missed.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import type { BenchResult } from '../tests/bench/bench.ts'

const FOLDER = join(import.meta.dirname, '..', 'tests', 'bench')
const OUT = join(import.meta.dirname, '..', 'out', 'bench')
const only = process.argv.slice(2)
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.bench.ts')).filter((name) => only.length === 0 || only.some((word) => name.includes(word)))

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const machine = `${cpus().length} × ${cpus()[0]?.model ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}, Node ${process.versions.node}`
say(`在这台机器上 / on this machine: ${machine}\n`)

const results: BenchResult[] = []
for (const name of names) {
  say(`▸ ${name.replace('.bench.ts', '')} …`)
  const { run } = (await import(join(FOLDER, name))) as { readonly run: () => Promise<BenchResult | readonly BenchResult[]> }
  const measured = [await run()].flat() as readonly BenchResult[]
  for (const result of measured) {
    results.push(result)
    say(`  ${result.passed ? '✓' : '✗'} ${result.what}\n    ${result.ours.toFixed(2)} : ${result.theirs.toFixed(2)} ${result.unit} = ${result.ratio.toFixed(3)}   目标 / aim: ${result.aim}${result.notes === '' ? '' : `\n    ${result.notes}`}`)
  }
}
mkdirSync(OUT, { recursive: true })
writeFileSync(join(OUT, 'report.json'), `${JSON.stringify({ machine, results }, null, 2)}\n`)
const missed = results.filter((result) => !result.passed)
say(`\n${results.length - missed.length} / ${results.length} 达到目标 / reach their aim`)
process.exitCode = missed.length === 0 ? 0 : 1
