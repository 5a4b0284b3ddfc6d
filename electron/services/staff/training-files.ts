import { constants } from 'node:fs'
import { lstat, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { err, ok } from '../../../core/result/result.ts'
import type { Result } from '../../../core/result/result.ts'
import { LARGEST_TRAINING_PICTURE_BYTES, TRAINING_PICTURE_NAME } from '../../../core/staff/training.ts'

/** A list that a person can look through. */
const MOST_FILES = 60

export interface TrainingFiles {
  readonly files: readonly { readonly name: string; readonly bytes: number }[]
  readonly unusable: number
}

export interface TrainingPicture {
  readonly mime: 'image/jpeg' | 'image/png'
  readonly bytes: Uint8Array
}

export type TrainingFileError = 'file-gone' | 'file-link' | 'file-too-large' | 'file-no-picture'

/** The pictures in the folder by name: plain files alone, no folders, no links. Empty where the folder itself is a link or gone. */
export async function listTrainingFiles(folder: string): Promise<TrainingFiles> {
  if (!(await isRealFolder(folder))) return { files: [], unusable: 0 }
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'))
  const known = await Promise.all(names.map(async (name) => {
    const stat = TRAINING_PICTURE_NAME.test(name) ? await lstat(join(folder, name)).catch(() => undefined) : undefined
    const isUsable = stat !== undefined && stat.isFile() && stat.nlink === 1 && stat.size > 0 && stat.size <= LARGEST_TRAINING_PICTURE_BYTES
    return isUsable ? [{ name, bytes: stat.size }] : []
  }))
  const files = known.flat().sort((a, b) => a.name.localeCompare(b.name, 'zh-CN', { numeric: true }))
  return { files: files.slice(0, MOST_FILES), unusable: names.length - Math.min(files.length, MOST_FILES) }
}

/**
 * Opens one picture of the folder. Whatever the name was checked against before, it is checked here again: a link in its place,
 * also one that is put there meanwhile, is not followed, and no more than the limit is read.
 */
export async function readTrainingFile(folder: string, name: string): Promise<Result<TrainingPicture, TrainingFileError>> {
  if (!TRAINING_PICTURE_NAME.test(name) || !(await isRealFolder(folder))) return err('file-gone')
  const path = join(folder, name)
  const before = await lstat(path).catch(() => undefined)
  if (before === undefined) return err('file-gone')
  if (!before.isFile() || before.nlink !== 1) return err('file-link')
  if (before.size > LARGEST_TRAINING_PICTURE_BYTES) return err('file-too-large')
  // Windows has neither flag; there the comparison below tells another file from the one that was looked at.
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)).catch(() => undefined)
  if (file === undefined) return err('file-gone')
  try {
    const opened = await file.stat()
    if (!opened.isFile() || opened.ino !== before.ino || opened.dev !== before.dev) return err('file-link')
    if (opened.size > LARGEST_TRAINING_PICTURE_BYTES) return err('file-too-large')
    const bytes = new Uint8Array(opened.size)
    let filled = 0
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    const mime = mimeOf(bytes)
    if (mime !== undefined && filled === bytes.length) return ok({ mime, bytes })
    bytes.fill(0)
    return err('file-no-picture')
  } catch {
    return err('file-gone')
  } finally {
    await file.close()
  }
}

async function isRealFolder(folder: string): Promise<boolean> {
  return (await lstat(folder).catch(() => undefined))?.isDirectory() === true
}

/** By what the file begins with; its name says nothing. */
function mimeOf(bytes: Uint8Array): TrainingPicture['mime'] | undefined {
  const begins = (...signature: readonly number[]): boolean => signature.every((byte, index) => bytes[index] === byte)
  if (begins(0xff, 0xd8, 0xff)) return 'image/jpeg'
  return begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) ? 'image/png' : undefined
}
