import fs from 'node:fs'
import { dirname, join } from 'node:path'
import type { Result } from '../../core/result/result.ts'
import { err, ok } from '../../core/result/result.ts'
import type { LocalText } from '../../core/text/local-text.ts'
import { text } from '../../core/text/local-text.ts'
import type { InstanceLock } from './instance-lock.ts'
import { takeInstanceLock } from './instance-lock.ts'

/** The one folder of a terminal. Folders are 0700; files that this process makes are 0600. */
export interface DataFolder {
  readonly root: string
  /** SQLite: outbox, audit, counters. */
  readonly database: string
  /** Sealed materials of the outbox. */
  readonly attachments: string
  /** TUF metadata and packs. */
  readonly catalogue: string
  readonly keys: string
  readonly log: string
  /** Pictures that staff put there to try a reading with. */
  readonly training: string
  /** Emptied at each start: what a crash left behind may be of a citizen. */
  readonly temporary: string
  /** Permissions of something that was there already had to be tightened. */
  readonly tightened: boolean
  /** The lock of a process that ended without releasing it was taken over. */
  readonly staleLock: boolean
  /** Lets the next instance in; call it last. */
  release(): void
}

export interface DataFolderRefusal {
  readonly kind: 'not-a-folder' | 'not-writable' | 'foreign-content' | 'other-owner' | 'readable-by-others' | 'already-running'
  readonly path: string
  readonly sentence: LocalText
}

/** The calls through which a file system may disagree with us; tests put their own in. */
export interface DataFolderSystem {
  readonly platform: NodeJS.Platform
  readonly userId: number | undefined
  readonly chmod: (path: string, mode: number) => void
}

const realSystem: DataFolderSystem = { platform: process.platform, userId: process.getuid?.(), chmod: fs.chmodSync }

const FOLDERS = ['database', 'attachments', 'catalogue', 'keys', 'log', 'training', 'temporary'] as const
/** Proves that a folder with things in it is ours: nobody's home folder must be locked up for a typing mistake. */
const MARKER = '.one-window-kiosk'
const LOCK = 'kiosk.lock'

/**
 * Creates or opens the data folder, tightens every permission in it, and makes sure that no other instance uses it. Also
 * sets this process's umask, so that whatever any library creates is for this user alone.
 * @param root absolute path
 */
export function openDataFolder(root: string, system: DataFolderSystem = realSystem): Result<DataFolder, DataFolderRefusal> {
  const refuse = (kind: DataFolderRefusal['kind'], zh: string, en: string, path = root): Result<never, DataFolderRefusal> => err({ kind, path, sentence: text(zh, en) })
  process.umask(0o077)

  try {
    makeFolder(root)
    if (!fs.statSync(root).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' })
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EEXIST' || code === 'ENOTDIR') return refuse('not-a-folder', `数据目录 ${root} 的位置上有一个文件，请改用别的路径。`, `A file stands where the data folder ${root} should be; choose another path.`)
    return refuse('not-writable', `无法建立数据目录 ${root}（${code}），请检查路径和写入权限。`, `The data folder ${root} cannot be created (${code}); check the path and the permission to write.`)
  }

  let tightened = false
  try {
    const owner = fs.statSync(root).uid
    if (system.userId !== undefined && owner !== system.userId) {
      return refuse('other-owner', `数据目录 ${root} 属于另一个用户（${owner}），请改变属主或用该用户启动。`, `The data folder ${root} belongs to another user (${owner}); change its owner or start as that user.`)
    }
    if (!fs.existsSync(join(root, MARKER))) {
      if (fs.readdirSync(root).length > 0) {
        return refuse('foreign-content', `${root} 里已有别的内容，不能用作数据目录，请指定一个空目录。`, `${root} holds other things and cannot become the data folder; name an empty one.`)
      }
      fs.writeFileSync(join(root, MARKER), 'Data folder of a one-window kiosk terminal. Do not keep other things here.\n', { mode: 0o600 })
    }
    for (const name of FOLDERS) makeFolder(join(root, name))
    // Proves writing on this file system now, not at the first application.
    const probe = join(root, 'temporary', 'probe')
    fs.writeFileSync(probe, '', { mode: 0o600 })
    fs.unlinkSync(probe)
    if (system.platform !== 'win32') tightened = tighten(root, system)
  } catch (error) {
    if (error instanceof StillOpen) {
      return refuse('readable-by-others', `${error.path} 可被其他用户读取，且无法收紧权限。请把数据目录放在支持权限的本地磁盘上。`, `${error.path} can be read by other users and its permissions cannot be tightened. Put the data folder on a local disk that has permissions.`, error.path)
    }
    return refuse('not-writable', `数据目录 ${root} 不能写入（${codeOf(error)}），请检查权限和磁盘。`, `The data folder ${root} cannot be written (${codeOf(error)}); check permissions and disk.`)
  }

  const locked = takeInstanceLock(join(root, LOCK))
  if (!locked.ok) {
    const { pid } = locked.error
    return refuse('already-running', `这台终端的程序已在运行（进程 ${pid}），数据目录 ${root} 正被它使用。`, `The kiosk is running already (process ${pid}) and uses the data folder ${root}.`)
  }
  const lock: InstanceLock = locked.value
  // Only the instance that holds the lock may empty what another one could be using.
  const temporary = join(root, 'temporary')
  for (const name of fs.readdirSync(temporary)) fs.rmSync(join(temporary, name), { recursive: true, force: true })

  return ok({
    root,
    database: join(root, 'database'),
    attachments: join(root, 'attachments'),
    catalogue: join(root, 'catalogue'),
    keys: join(root, 'keys'),
    log: join(root, 'log'),
    training: join(root, 'training'),
    temporary,
    tightened,
    staleLock: lock.takenOver,
    release: () => lock.release(),
  })
}

/**
 * Creates a folder and what is missing above it. Not `mkdirSync(recursive)`: Node 24 turns in circles for ever where a parent
 * exists and the system still answers ENOENT (`/proc`, some network drives).
 */
function makeFolder(path: string): void {
  try {
    fs.mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EEXIST') return
    const parent = dirname(path)
    if (code !== 'ENOENT' || parent === path || fs.existsSync(parent)) throw error
    makeFolder(parent)
    fs.mkdirSync(path, { mode: 0o700 })
  }
}

class StillOpen extends Error {
  readonly path: string
  constructor(path: string) {
    super('still readable by others')
    this.path = path
  }
}

/** Takes group's and others' rights from everything below `path`, and reads back that they are gone. */
function tighten(path: string, system: DataFolderSystem): boolean {
  const stat = fs.lstatSync(path)
  // A link has no rights of its own, and where it leads is not ours to change.
  if (stat.isSymbolicLink()) return false
  let tightened = false
  if ((stat.mode & 0o077) !== 0) {
    try {
      system.chmod(path, stat.isDirectory() ? 0o700 : 0o600)
    } catch {
      throw new StillOpen(path)
    }
    if ((fs.lstatSync(path).mode & 0o077) !== 0) throw new StillOpen(path)
    tightened = true
  }
  if (stat.isDirectory()) for (const name of fs.readdirSync(path)) tightened = tighten(join(path, name), system) || tightened
  return tightened
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}
