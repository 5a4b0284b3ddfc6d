import { readFile, rename } from 'node:fs/promises'
import { z } from 'zod'
import { writeDurably } from '../database/durable-file.ts'

const releaseSchema = z.strictObject({ packId: z.string(), version: z.string(), generation: z.int(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })

/** A verified pack on this disk: `packs/<sha256>.json`. */
export type Release = z.infer<typeof releaseSchema>

const marksSchema = z.strictObject({
  /** Highest version seen of each metadata file, by role: an older one is refused, whatever its signature says. */
  versions: z.record(z.string(), z.int()),
  /** Highest generation of the channel. */
  generation: z.int(),
  /** Latest time of this clock at which signed metadata was accepted, epoch milliseconds. */
  time: z.number(),
})
export type Marks = z.infer<typeof marksSchema>

const recordsSchema = z.strictObject({
  active: releaseSchema.optional(),
  previous: releaseSchema.optional(),
  staged: releaseSchema.optional(),
  marks: marksSchema,
})

/** What the catalogue must not forget over a power cut, in one file that is replaced as a whole. */
export type Records = z.infer<typeof recordsSchema>

export const NO_RECORDS: Records = { marks: { versions: {}, generation: 0, time: 0 } }

/** The records of this terminal; a damaged file is put aside and `undefined` is returned. */
export async function readRecords(file: string): Promise<Records | undefined> {
  let content: string
  try {
    content = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return NO_RECORDS
    throw error
  }
  try {
    return recordsSchema.parse(JSON.parse(content))
  } catch {
    await rename(file, `${file}.damaged`)
    return undefined
  }
}

export async function writeRecords(file: string, records: Records): Promise<void> {
  await writeDurably(file, `${JSON.stringify(records, null, 2)}\n`)
}
