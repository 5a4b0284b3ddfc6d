import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder, writeDurably } from '../database/durable-file.ts'

/** Sealed attachments, one file each. Only ciphertext is ever written here. */
export interface AttachmentFiles {
  /** Durable when it resolves; answers the file's name. */
  write(sealed: Uint8Array): Promise<string>
  /** Undefined when the file is gone. */
  read(name: string): Promise<Uint8Array | undefined>
  remove(names: readonly string[]): Promise<void>
  list(): Promise<readonly string[]>
}

export async function openAttachmentFiles(folder: string): Promise<AttachmentFiles> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return {
    async write(sealed) {
      const name = `${randomUUID()}.sealed`
      await writeDurably(join(folder, name), sealed)
      return name
    },
    read: (name) => readFile(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    }),
    async remove(names) {
      for (const name of names) await rm(join(folder, name), { force: true })
      if (names.length > 0) await syncFolder(folder)
    },
    list: () => readdir(folder),
  }
}
