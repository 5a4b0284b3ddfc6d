import { z } from 'zod'
import { STAFF_ROLES } from './roles.ts'

/**
 * `staff.json`: who may open the staff page of a terminal. It holds no PIN and no card number, only what proves them.
 * Written by whoever manages a hall's staff; read anew each time that somebody opens the sign-in.
 */

/** Any of the settings that OWASP's Password Storage Cheat Sheet names as its minimum for argon2id: memory in KiB and passes. */
export const ARGON2ID_MINIMA: readonly { readonly memoryKiB: number; readonly passes: number }[] = [
  { memoryKiB: 47_104, passes: 1 },
  { memoryKiB: 19_456, passes: 2 },
  { memoryKiB: 12_288, passes: 3 },
  { memoryKiB: 9_216, passes: 4 },
  { memoryKiB: 7_168, passes: 5 },
]
/** What we hash new PINs with. */
export const ARGON2ID_SETTING = { memoryKiB: 19_456, passes: 2, lanes: 1, saltBytes: 16, hashBytes: 32 } as const
/** A mistake in the file must not make a terminal think for a minute, or run out of memory. */
const MOST_MEMORY_KIB = 262_144
const MOST_PASSES = 10

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=([1-4])\$([A-Za-z0-9+/]{22,86})\$([A-Za-z0-9+/]{43,86})$/

/** Memory in KiB and passes of a PHC string, or undefined when it is none that we take. */
export function argon2idSetting(phc: string): { readonly memoryKiB: number; readonly passes: number } | undefined {
  const [, memory, passes] = PHC.exec(phc) ?? []
  return memory === undefined || passes === undefined ? undefined : { memoryKiB: Number(memory), passes: Number(passes) }
}

function isStrongEnough(phc: string): boolean {
  const setting = argon2idSetting(phc)
  return setting !== undefined && setting.memoryKiB <= MOST_MEMORY_KIB && setting.passes <= MOST_PASSES && ARGON2ID_MINIMA.some((minimum) => setting.memoryKiB >= minimum.memoryKiB && setting.passes >= minimum.passes)
}

export const staffAccountSchema = z.strictObject({
  number: z.string().regex(/^\d{4,8}$/).describe('4 to 8 digits, typed at the sign-in'),
  name: z.string().min(1).max(40),
  role: z.enum(STAFF_ROLES).describe('clerk (值守人员) or technician (技术员)'),
  pin: z.string().refine(isStrongEnough).describe('argon2id hash of the PIN as a PHC string, at least m=19456,t=2,p=1'),
  totp: z.string().regex(/^[A-Z2-7]{26,128}$/).optional().describe('Secret of the authenticator in base32, at least 128 bits'),
  card: z.strictObject({
    salt: z.string().regex(/^[0-9a-f]{32,64}$/),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }).optional().describe('Own card as second factor: SHA-256 over the salt’s text, a colon and the card’s number'),
})
export type StaffAccount = z.infer<typeof staffAccountSchema>

export const staffAccountsSchema = z.strictObject({
  $schema: z.string().optional(),
  accounts: z.array(staffAccountSchema).min(1).max(500).superRefine((accounts, ctx) => {
    const seen = new Set<string>()
    accounts.forEach(({ number }, index) => {
      if (seen.has(number)) ctx.addIssue({ code: 'custom', path: [index, 'number'], message: 'used twice' })
      seen.add(number)
    })
  }),
})
export type StaffAccounts = z.infer<typeof staffAccountsSchema>
