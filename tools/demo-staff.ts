/**
 * The staff of the demonstration: an accounts file, a secret for an authenticator and a key for bundles, made once in the
 * folder of the sandbox world and used again at each start. Their PINs are printed for everybody to see: never for a real hall.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { Secret, TOTP } from 'otpauth'
import { z } from 'zod'
import type { StaffAccounts } from '../core/staff/accounts.ts'
import { cardHash, hashPin } from '../electron/services/staff/pins.ts'
import { PEOPLE } from '../sandbox/devices/people.ts'

const CLERK = { number: '1001', name: '值守员（演示）', pin: '246810', card: 'lin-xiaowen' } as const
const TECHNICIAN = { number: '2001', name: '技术员（演示）', pin: '135790', card: 'chen-zhiyuan' } as const

const keptSchema = z.strictObject({ totp: z.string(), bundleIdentity: z.string() })

export interface DemoStaff {
  /** For `staff` of the terminal's configuration. */
  readonly config: { readonly accountsFile: string; readonly bundleRecipient: string }
  /** What the person at the computer needs to know. */
  readonly lines: readonly string[]
}

/** @param folder of the sandbox world; the files are for this user alone */
export async function makeDemoStaff(folder: string): Promise<DemoStaff> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const keptFile = join(folder, 'demo-staff.json')
  const accountsFile = join(folder, 'staff.json')
  const kept = await keptIn(keptFile)
  const { totp, bundleIdentity } = kept ?? { totp: new Secret({ size: 20 }).base32, bundleIdentity: await generateX25519Identity() }
  if (kept === undefined) {
    const account = async ({ number, name, pin, card }: typeof CLERK | typeof TECHNICIAN, role: 'clerk' | 'technician'): Promise<StaffAccounts['accounts'][number]> => {
      const salt = randomBytes(16).toString('hex')
      return { number, name, role, pin: await hashPin(pin), totp, card: { salt, sha256: cardHash(salt, PEOPLE[card].card.number) } }
    }
    const accounts: StaffAccounts = { accounts: [await account(CLERK, 'clerk'), await account(TECHNICIAN, 'technician')] }
    await writeFile(accountsFile, `${JSON.stringify(accounts, null, 2)}\n`, { mode: 0o600 })
    // Last: what is half made is made anew at the next start.
    await writeFile(keptFile, `${JSON.stringify({ totp, bundleIdentity }, null, 2)}\n`, { mode: 0o600 })
  }
  return {
    config: { accountsFile, bundleRecipient: await identityToRecipient(bundleIdentity) },
    lines: [
      '工作人员页 Staff page（仅供演示 / for the demonstration only）',
      `  值守员 Clerk       工号 Number ${CLERK.number}  密码 PIN ${CLERK.pin}`,
      `  技术员 Technician  工号 Number ${TECHNICIAN.number}  密码 PIN ${TECHNICIAN.pin}`,
      `  二次验证 Second factor: ${new TOTP({ issuer: 'one-window-kiosk', label: 'demo', secret: Secret.fromBase32(totp) }).toString()}`,
      '    或把设备台上林晓雯（值守员）、陈志远（技术员）的身份证放到读卡器上。',
      '    Or lay the card of 林晓雯 (clerk) or 陈志远 (technician) on the bench’s reader.',
      `  诊断包解密钥 Key of diagnostic bundles: ${keptFile}`,
    ],
  }
}

async function keptIn(file: string): Promise<z.infer<typeof keptSchema> | undefined> {
  try {
    return keptSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return undefined
  }
}
