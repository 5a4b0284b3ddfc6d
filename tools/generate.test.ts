import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { sandboxConfig } from '../core/config/sandbox-config.ts'
import { isUpToDate } from './generate.ts'
import { GENERATED_FILES } from './generated-files.ts'

describe('generated files', () => {
  it.each(GENERATED_FILES.map((file) => [file.path, file] as const))('%s is what its source says now', async (_path, file) => {
    expect(await isUpToDate(file)).toBe(true)
  })

  it('are found to differ when one character has changed or the file is missing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kiosk-generate-'))
    const from = pathToFileURL(`${folder}/`)
    const file = { path: 'a.txt', content: () => 'generated\n' }
    expect(await isUpToDate(file, from)).toBe(false)
    await writeFile(join(folder, 'a.txt'), 'generated\n')
    expect(await isUpToDate(file, from)).toBe(true)
    await writeFile(join(folder, 'a.txt'), 'generated \n')
    expect(await isUpToDate(file, from)).toBe(false)
    await rm(folder, { recursive: true })
  })
})

describe('the published schema of the configuration', () => {
  it('accepts what the kiosk accepts, in the eyes of another validator', async () => {
    const file = GENERATED_FILES.find((candidate) => candidate.path.endsWith('kiosk-config.schema.json'))
    const ajv = new Ajv2020({ strict: false })
    addFormats(ajv)
    const validate = ajv.compile(JSON.parse((await file?.content()) ?? '{}') as object)
    const config = sandboxConfig({ dataFolder: 'data', rootFile: 'root.json' })
    expect(validate(config)).toBe(true)
    expect(validate({ ...config, languages: undefined })).toBe(true)
    expect(validate({ ...config, languages: ['fr'] })).toBe(false)
    expect(validate({ ...config, colour: 'red' })).toBe(false)
  })
})
