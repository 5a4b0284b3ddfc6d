import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { GENERATED_FILES } from './generated-files.ts'
import { loadPackFolder } from './pack-folder.ts'
import { DEFAULT_PACK_FOLDER, checkFolder, runPackCommand } from './pack.ts'

let folder: string
let packFolder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiosk-pack-'))
  packFolder = join(folder, 'pack')
  await cp(DEFAULT_PACK_FOLDER, packFolder, { recursive: true })
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = []
  const err: string[] = []
  const code = await runPackCommand([...args, ...(args[0] === 'check' ? [] : ['--repository', join(folder, 'repository')])], (line) => out.push(line), (line) => err.push(line))
  return { code, out: out.join('\n'), err: err.join('\n') }
}

async function edit(file: string, from: string, to: string): Promise<void> {
  const content = await readFile(join(packFolder, file), 'utf8')
  expect(content).toContain(from)
  await writeFile(join(packFolder, file), content.replace(from, to))
}

describe('npm run pack', () => {
  test('check: the demonstration pack is sound', async () => {
    const { code, out } = await run('check', packFolder)
    expect(code).toBe(0)
    expect(out).toMatch(/3 个事项，62 个情形示例全部相符/)
    expect(out).toMatch(/3 matters, 62 golden cases, all exact/)
  })

  test('check: faults of several files at once, each with file, place and both languages', async () => {
    await edit('matters/M05.json', '"en": "Residential lease"', '"en": "Other documents"')
    await edit('matters/M05.golden.json', '"feesFen": 2000', '"feesFen": 100')
    await edit('matters/M12.golden.json', '"promised": 5', '"promised": 6')
    await edit('pack.json', '"icon": "elder"', '"icon": "old"')
    const { code, err } = await run('check', packFolder)
    expect(code).toBe(1)
    expect(err).toMatch(/pack\.json {2}\/lifeEvents\/3\/icon\n.*可用的值：.*"elder"/)
    expect(err).toMatch(/M05\.json {2}\/materials\/6\/documents\/0\/name\n.*没有说清要什么材料.*\n.*does not say which paper/)
    expect(err).toMatch(/M12\.golden\.json {2}\/0\/expect\/promised\n.*应为 6，实际为 5/)
  })

  test('check: a file that is no JSON is named', async () => {
    await writeFile(join(packFolder, 'matters', 'M12.json'), '{ "id": ')
    const { code, err } = await run('check', packFolder)
    expect(code).toBe(1)
    expect(err).toMatch(/matters\/M12\.json\n.*不是正确的 JSON/)
  })

  test('check: a folder that does not exist', async () => {
    const { code, err } = await run('check', join(folder, 'nowhere'))
    expect(code).toBe(1)
    expect(err).toMatch(/pack\.json\n.*ENOENT/)
  })

  test('publish: new is signed; the same again is nothing new; other content under the same version is refused', async () => {
    expect(await run('publish', packFolder)).toMatchObject({ code: 0, out: expect.stringMatching(/已签名并发布 1\.0\.0，第 1 代/) as string })
    expect(await run('publish', packFolder)).toMatchObject({ code: 0, err: expect.stringMatching(/没有新内容可发布/) as string })
    await edit('matters/M12.json', '常住本市', '住在本市')
    expect(await run('publish', packFolder)).toMatchObject({ code: 1, err: expect.stringMatching(/raise "version" in pack\.json/) as string })
    await edit('pack.json', '"version": "1.0.0"', '"version": "1.0.1"')
    expect(await run('publish', packFolder)).toMatchObject({ code: 0, out: expect.stringMatching(/第 2 代/) as string })
    expect(await run('rollback', '1.0.0')).toMatchObject({ code: 0, out: expect.stringMatching(/已退回到 1\.0\.0，作为第 3 代/) as string })
    expect(await run('rollback', '3.0.0')).toMatchObject({ code: 1, err: expect.stringMatching(/1\.0\.0, 1\.0\.1/) as string })
  })

  test('publish: a pack with faults is not signed', async () => {
    await edit('matters/M05.golden.json', '"feesFen": 2000', '"feesFen": 100')
    expect((await run('publish', packFolder)).code).toBe(1)
    await expect(readFile(join(folder, 'repository', 'root.json'))).rejects.toThrow('ENOENT')
  })

  test.each([[['paint']], [['rollback']], [['check', 'a', 'b']], [['check', '--colour']]])('%j is not understood: code 2 and the usage', async (args) => {
    const { code, err } = await run(...args)
    expect(code).toBe(2)
    expect(err).toContain('npm run pack -- check')
  })
})

test('the published JSON Schema accepts the demonstration pack and refuses a missing section, in the eyes of another validator', async () => {
  const file = GENERATED_FILES.find(({ path }) => path.endsWith('matter-pack.schema.json'))
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse((await file?.content()) ?? '') as object)
  const { pack } = await loadPackFolder(DEFAULT_PACK_FOLDER)
  expect(validate(pack) ? [] : validate.errors).toEqual([])
  await edit('matters/M01.json', '"feeBasis"', '"feeGround"')
  const broken = await loadPackFolder(packFolder)
  expect(validate(broken.pack)).toBe(false)
  expect((await checkFolder(packFolder)).ok).toBe(false)
})
