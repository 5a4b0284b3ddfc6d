import { readFile, stat } from 'node:fs/promises'
import type { StaffAccounts } from '../../../core/staff/accounts.ts'
import { staffAccountsSchema } from '../../../core/staff/accounts.ts'
import type { Result } from '../../../core/result/result.ts'
import { err, ok } from '../../../core/result/result.ts'
import type { LocalText } from '../../../core/text/local-text.ts'
import { text } from '../../../core/text/local-text.ts'

export interface AccountsRefusal {
  readonly kind: 'unreadable' | 'open-to-others' | 'syntax' | 'invalid'
  /** Place within the file (`accounts.2.pin`), or empty. It never quotes what stands there. */
  readonly path: string
  readonly sentence: LocalText
}

/** Reads `staff.json`. Whoever can read it could try all PINs elsewhere, so it must belong to this user alone. */
export async function loadStaffAccounts(file: string): Promise<Result<StaffAccounts, AccountsRefusal>> {
  const refuse = (kind: AccountsRefusal['kind'], path: string, zh: string, en: string): Result<never, AccountsRefusal> => err({ kind, path, sentence: text(`工作人员账号文件 ${file}：${zh}`, `Staff accounts file ${file}: ${en}`) })
  let content: string
  try {
    if (process.platform !== 'win32' && ((await stat(file)).mode & 0o077) !== 0) return refuse('open-to-others', '', '其他用户可以读取，请收紧为 0600。', 'other users can read it; set its mode to 0600.')
    content = await readFile(file, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    return code === 'ENOENT' ? refuse('unreadable', '', '找不到这个文件。', 'there is no such file.') : refuse('unreadable', '', `读取失败（${code}）。`, `it cannot be read (${code}).`)
  }
  let json: unknown
  try {
    json = JSON.parse(content)
  } catch {
    return refuse('syntax', '', '不是正确的 JSON。', 'it is not valid JSON.')
  }
  const parsed = staffAccountsSchema.safeParse(json)
  if (parsed.success) return ok(parsed.data)
  const [issue] = parsed.error.issues
  const place = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])].map(String)
  const path = place.join('.')
  const wanted = allowed(place.at(-1) ?? '')
  return refuse('invalid', path, `${path || '开头'} 不对。${wanted['zh-CN']}`, `${path || 'the beginning'} is wrong. ${wanted.en}`)
}

/** What may stand at a place; its value is never shown, it may be a PIN that somebody typed in plain. */
function allowed(name: string): LocalText {
  switch (name) {
    case 'number': return text('工号为 4 到 8 位数字，每人一个。', 'A number has 4 to 8 digits and is used once.')
    case 'name': return text('姓名为 1 到 40 个字。', 'A name has 1 to 40 characters.')
    case 'role': return text('角色为 clerk 或 technician。', 'A role is clerk or technician.')
    case 'pin': return text('应为 argon2id 的 PHC 串，至少 m=19456,t=2,p=1。', 'It must be an argon2id PHC string of at least m=19456,t=2,p=1.')
    case 'totp': return text('应为至少 26 位的 base32 密钥。', 'It must be a base32 secret of at least 26 characters.')
    case 'card':
    case 'salt':
    case 'sha256': return text('应为 { "salt": 十六进制, "sha256": 64 位十六进制 }。', 'It must be { "salt": hexadecimal, "sha256": 64 hexadecimal digits }.')
    case 'accounts': return text('至少要有一个账号。', 'There must be at least one account.')
    default: return text('不认识这一项，或类型不对。', 'This is not known here, or of another type.')
  }
}
