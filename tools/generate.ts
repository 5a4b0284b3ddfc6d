/** `npm run generate`: writes every generated file that differs. With `--check` it writes nothing and fails when one differs. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { GeneratedFile } from './generated-files.ts'
import { GENERATED_FILES } from './generated-files.ts'

const root = new URL('../', import.meta.url)

/** Whether the checked-in file is what its source says now. */
export async function isUpToDate(file: GeneratedFile, from: URL = root): Promise<boolean> {
  const present = await readFile(new URL(file.path, from), 'utf8').catch(() => undefined)
  return present === (await file.content())
}

async function main(check: boolean): Promise<void> {
  for (const file of GENERATED_FILES) {
    const upToDate = await isUpToDate(file)
    if (!upToDate && !check) {
      const target = fileURLToPath(new URL(file.path, root))
      await mkdir(dirname(target), { recursive: true })
      await writeFile(target, await file.content())
    }
    if (!upToDate && check) process.exitCode = 1
    console.log(`${upToDate ? 'up to date' : check ? 'differs   ' : 'written   '}  ${file.path}`)
  }
  if (process.exitCode === 1) console.error('Run `npm run generate` and commit the result.')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.includes('--check'))
