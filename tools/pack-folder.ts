import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { PackFault } from '../core/matter-pack/check.ts'
import type { DocumentKindFields } from '../core/matter-pack/references.ts'
import type { LocalText } from '../core/text/local-text.ts'
import { text } from '../core/text/local-text.ts'
import { isRecord } from '../core/json/pointer.ts'

/** A fault as the author of a pack needs it: the file, and the place within it. */
export interface LocatedFault {
  readonly file: string
  readonly pointer: string
  readonly message: LocalText
}

export interface LoadedFolder {
  /** The one document that is signed; `undefined` when a file could not be read as JSON. */
  readonly pack: unknown
  readonly faults: readonly LocatedFault[]
  /** Where a fault of the joined pack stands in the folder. */
  locate(fault: PackFault): LocatedFault
}

/**
 * Joins a pack folder to one pack: `pack.json` (header), `matters/<id>.json` in the order of their names, and beside each its
 * golden cases, `matters/<id>.golden.json`.
 */
export async function loadPackFolder(folder: string): Promise<LoadedFolder> {
  const faults: LocatedFault[] = []
  const read = async (file: string): Promise<unknown> => {
    let content: string
    try {
      content = await readFile(join(folder, file), 'utf8')
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
      faults.push({ file, pointer: '', message: text(`读不到这个文件（${code}）。`, `This file cannot be read (${code}).`) })
      return undefined
    }
    try {
      return JSON.parse(content) as unknown
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      faults.push({ file, pointer: '', message: text(`不是正确的 JSON：${detail}`, `This is not JSON: ${detail}`) })
      return undefined
    }
  }
  const header = await read('pack.json')
  const files = (await readdir(join(folder, 'matters')).catch(() => [])).filter((name) => name.endsWith('.json')).sort()
  const names = files.filter((name) => !name.endsWith('.golden.json'))
  for (const stray of files.filter((name) => name.endsWith('.golden.json') && !names.includes(name.replace('.golden.json', '.json')))) {
    faults.push({ file: `matters/${stray}`, pointer: '', message: text('这里有情形示例，但没有它的事项文件。', 'There are golden cases here, but not their matter.') })
  }
  const matters: unknown[] = []
  for (const name of names) {
    const golden = name.replace('.json', '.golden.json')
    const matter = await read(`matters/${name}`)
    const cases = files.includes(golden) ? await read(`matters/${golden}`) : undefined
    matters.push(isRecord(matter) && cases !== undefined ? { ...matter, golden: cases } : matter)
  }
  return {
    pack: faults.length === 0 && isRecord(header) ? { ...header, matters } : undefined,
    faults,
    locate({ path, message }) {
      const [, index, rest = ''] = /^\/matters\/(\d+)(\/.*)?$/.exec(path) ?? []
      const name = index === undefined ? undefined : names[Number(index)]
      if (name === undefined) return { file: 'pack.json', pointer: path, message }
      const golden = /^\/golden(\/.*)?$/.exec(rest)
      const goldenFile = name.replace('.json', '.golden.json')
      return golden ? { file: `matters/${goldenFile}`, pointer: golden[1] ?? '', message } : { file: `matters/${name}`, pointer: rest, message }
    },
  }
}

/** Which papers a terminal can read, and their fields: one file of the folder for each. */
export async function readDocumentKinds(folder: URL): Promise<DocumentKindFields> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
  const kinds = await Promise.all(names.map(async (name) => JSON.parse(await readFile(new URL(name, folder), 'utf8')) as { readonly id: string; readonly fields: readonly { readonly id: string }[] }))
  return Object.fromEntries(kinds.map((kind) => [kind.id, kind.fields.map(({ id }) => id)]))
}
