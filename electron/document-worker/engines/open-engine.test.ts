import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ModelFiles, ModelPart } from '../../../core/document/engine-settings.ts'
import { MODEL_PARTS } from '../../../core/document/engine-settings.ts'
import { err, ok } from '../../../core/result/result.ts'
import { shippedModels, signsOf } from './models.ts'
import { openFirst } from './open-engine.ts'
import { openPaddleNets } from './paddle-nets.ts'
import type { Net, Runtime } from './runtime.ts'

/** A runtime that takes any bytes for a net; the recognition net knows as many signs as the shipped one. */
const SIGNS = 6625
const net: Net = { run: ({ dimensions }) => Promise.resolve({ data: new Float32Array(SIGNS), dimensions: [1, (dimensions[3] ?? 0) / 8, SIGNS] }), release: () => Promise.resolve() }
const runtime: Runtime = { name: 'scripted', load: () => Promise.resolve(net) }

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'models-test-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function changed(part: ModelPart, bytes: Uint8Array, sealed: 'with the old sum' | 'with its own sum'): ModelFiles {
  const models = shippedModels()
  const file = join(folder, `${part}-${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}`)
  writeFileSync(file, bytes)
  return { ...models, [part]: { file, sha256: sealed === 'with its own sum' ? createHash('sha256').update(bytes).digest('hex') : models[part].sha256 } }
}

describe('models', () => {
  it('come with the program, whole, and fit each other', async () => {
    const nets = await openPaddleNets(runtime, shippedModels())
    expect(nets.ok && nets.value.signs.length).toBe(SIGNS)
    expect(nets.ok && [nets.value.signs[0], nets.value.signs[1], nets.value.signs.at(-1)]).toEqual(['', "'", ' '])
  })

  it.each(MODEL_PARTS)('%s: a missing file, and one with a single bit changed, is named at the start', async (part) => {
    const models = shippedModels()
    expect(await openPaddleNets(runtime, { ...models, [part]: { ...models[part], file: join(folder, 'nothing-here') } })).toEqual(err({ kind: 'model-missing', part }))
    const bytes = Uint8Array.from(readFileSync(models[part].file))
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
    expect(await openPaddleNets(runtime, changed(part, bytes, 'with the old sum'))).toEqual(err({ kind: 'model-altered', part }))
  })

  it('a dictionary of another length does not fit, however well it is sealed', async () => {
    const dictionary = readFileSync(shippedModels().dictionary.file)
    const longer = Buffer.concat([dictionary, Buffer.from('\n䶮')])
    expect(await openPaddleNets(runtime, changed('dictionary', longer, 'with its own sum'))).toEqual(err({ kind: 'dictionary-does-not-fit' }))
  })

  it('a sealed file that is no model is named', async () => {
    const choosy: Runtime = { name: 'choosy', load: (model) => (model.length < 1000 ? Promise.reject(new Error('no model')) : Promise.resolve(net)) }
    expect(await openPaddleNets(choosy, changed('direction', new Uint8Array(10), 'with its own sum'))).toEqual(err({ kind: 'model-unusable', part: 'direction' }))
  })

  it('signs are the lines of the dictionary, whatever ends them', () => {
    expect(signsOf(new TextEncoder().encode('甲\r\n乙\n'))).toEqual(['', '甲', '乙', ' '])
    expect(signsOf(new TextEncoder().encode('甲\n乙'))).toEqual(['', '甲', '乙', ' '])
  })
})

describe('the order of engines', () => {
  const engine = {} as never
  it('passes over a runtime that does not load, and says so', async () => {
    const opened = await openFirst(['paddle-native', 'paddle-web', 'tesseract'], (name) => Promise.resolve(name === 'paddle-web' ? ok(engine) : err('does-not-load')))
    expect(opened).toEqual(ok({ name: 'paddle-web', engine, passedOver: ['paddle-native'] }))
  })
  it('stops at a file that is not what it should be: no other engine steps in', async () => {
    const tried: string[] = []
    const fault = { kind: 'model-altered', part: 'recognition' } as const
    const opened = await openFirst(['paddle-native', 'tesseract'], (name) => {
      tried.push(name)
      return Promise.resolve(err(fault))
    })
    expect([opened, tried]).toEqual([err(fault), ['paddle-native']])
  })
  it('has nothing when none loads', async () => {
    expect(await openFirst(['paddle-native', 'tesseract'], () => Promise.resolve(err('does-not-load')))).toEqual(err({ kind: 'no-runtime' }))
  })
})
