import { execFileSync } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..')
const PACK = join(ROOT, 'assets', 'packs', 'demo-990101')

export interface IdleTimes {
  readonly warnAfterS: number
  readonly endAfterWarningS: number
}

/** What tests change in the head of the demonstration pack. */
export interface PackHeader {
  version: string
  timings: { standard: IdleTimes }
}

const packCommand = (repository: string, ...words: readonly string[]): void =>
  void execFileSync(process.execPath, ['--no-warnings', join(ROOT, 'tools', 'pack.ts'), ...words, '--repository', repository], { cwd: ROOT, stdio: 'pipe' })

/** Publishes the demonstration pack with changes, as `npm run pack -- publish` does; also into a repository that is still to be founded. */
export async function publishPack(repository: string, change: (header: PackHeader) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk-pack-'))
  await cp(PACK, folder, { recursive: true })
  const header = JSON.parse(await readFile(join(folder, 'pack.json'), 'utf8')) as PackHeader
  change(header)
  await writeFile(join(folder, 'pack.json'), JSON.stringify(header, null, 2))
  packCommand(repository, 'publish', folder)
  await rm(folder, { recursive: true })
}

export function rollBackPack(repository: string, version: string): void {
  packCommand(repository, 'rollback', version)
}
