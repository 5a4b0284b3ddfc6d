import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { staffActSchema } from '../../../core/staff/act.ts'
import { LARGEST_TRAINING_PICTURE_BYTES } from '../../../core/staff/training.ts'
import { listTrainingFiles, readTrainingFile } from './training-files.ts'

const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2)
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1)

describe('the training folder', () => {
  let root: string
  let folder: string
  const put = (name: string, bytes: Uint8Array = JPEG): void => writeFileSync(join(folder, name), bytes)
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kiosk-training-'))
    folder = join(root, 'training')
    mkdirSync(folder)
    writeFileSync(join(root, 'outside.jpg'), JPEG)
  })
  afterEach(() => rmSync(root, { recursive: true }))

  it('lists JPEG and PNG with plain names, in the order of a person, and counts what else is there', async () => {
    for (const name of ['租赁合同 (10).jpg', '租赁合同 (2).JPEG', 'card.png', '.hidden.jpg', 'notes.txt', "a'b.jpg", 'tab\t.jpg']) put(name)
    mkdirSync(join(folder, 'folder.jpg'))
    symlinkSync(join(root, 'outside.jpg'), join(folder, 'link.jpg'))
    linkSync(join(root, 'outside.jpg'), join(folder, 'hard.jpg'))
    put('large.jpg')
    truncateSync(join(folder, 'large.jpg'), LARGEST_TRAINING_PICTURE_BYTES + 1)
    put('empty.jpg', new Uint8Array())
    const { files, unusable } = await listTrainingFiles(folder)
    expect(files.map(({ name }) => name).sort()).toEqual(['card.png', '租赁合同 (10).jpg', '租赁合同 (2).JPEG'].sort())
    expect(files.findIndex(({ name }) => name.includes('(2)'))).toBeLessThan(files.findIndex(({ name }) => name.includes('(10)')))
    expect(unusable).toBe(8)
  })

  it('opens what is listed, and tells the kind by the bytes', async () => {
    put('really-a.jpg', PNG)
    expect(await readTrainingFile(folder, 'really-a.jpg')).toEqual({ ok: true, value: { mime: 'image/png', bytes: PNG } })
    put('text.jpg', new TextEncoder().encode('not a picture'))
    expect(await readTrainingFile(folder, 'text.jpg')).toEqual({ ok: false, error: 'file-no-picture' })
  })

  it.each(['../outside.jpg', '/etc/hostname.jpg', 'a/../../outside.jpg', '..\\outside.jpg', '.jpg', 'outside.jpg\0.png', '\u202egpj.jpg'])('takes no path and no trick for a name: %j', async (name) => {
    expect(await readTrainingFile(folder, name)).toEqual({ ok: false, error: 'file-gone' })
    expect(staffActSchema.safeParse({ kind: 'try-paper', name, paper: 'any', source: 'camera' }).success).toBe(false)
  })

  it('follows no link, opens no folder, and reads nothing beyond the limit', async () => {
    symlinkSync(join(root, 'outside.jpg'), join(folder, 'link.jpg'))
    linkSync(join(root, 'outside.jpg'), join(folder, 'hard.jpg'))
    mkdirSync(join(folder, 'folder.jpg'))
    put('large.jpg')
    truncateSync(join(folder, 'large.jpg'), LARGEST_TRAINING_PICTURE_BYTES + 1)
    const errors = await Promise.all(['link.jpg', 'hard.jpg', 'folder.jpg', 'large.jpg', 'gone.jpg'].map(async (name) => readTrainingFile(folder, name)))
    expect(errors.map((result) => (result.ok ? 'read' : result.error))).toEqual(['file-link', 'file-link', 'file-link', 'file-too-large', 'file-gone'])
  })

  it('is empty where the folder itself is a link or gone', async () => {
    put('card.jpg')
    symlinkSync(folder, join(root, 'linked'))
    expect(await listTrainingFiles(join(root, 'linked'))).toEqual({ files: [], unusable: 0 })
    expect(await readTrainingFile(join(root, 'linked'), 'card.jpg')).toEqual({ ok: false, error: 'file-gone' })
    expect(await listTrainingFiles(join(root, 'nowhere'))).toEqual({ files: [], unusable: 0 })
  })
})
