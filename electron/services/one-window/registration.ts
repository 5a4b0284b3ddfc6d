import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Clock } from '../../../core/clock/clock.ts'
import type { OneWindowClient } from '../../../core/one-window/client.ts'
import type { OneWindowError } from '../../../core/one-window/errors.ts'
import type { TerminalRegistered } from '../../../core/one-window/types.ts'
import { ok, type Result } from '../../../core/result/result.ts'
import type { LocalText } from '../../../core/text/local-text.ts'
import { writeDurably } from '../database/durable-file.ts'

export interface RegistrationOptions {
  readonly folder: string
  readonly client: Pick<OneWindowClient, 'registerTerminal' | 'renewTerminal'>
  readonly clock: Clock
  readonly publicKey: string
  readonly terminalId: string
  readonly region: string
  readonly name: LocalText
  readonly software: string
  /** One-time code from the installer; undefined once the terminal is enrolled for good. */
  readonly enrolmentCode: string | undefined
}

export interface Registration {
  /** Sees that the terminal is registered: at once when it already is, else by enrolling. Called at each start. */
  ensure(): Promise<Result<Standing, OneWindowError | { readonly kind: 'not-enrolled' }>>
  /**
   * Called after a 401: renews, and enrols again when the backend does not know this terminal. Calls at the same time share
   * one attempt.
   */
  renew(): Promise<Result<Standing, OneWindowError | { readonly kind: 'not-enrolled' }>>
}

/** Registration as it was last confirmed. Epoch milliseconds. */
export interface Standing {
  readonly expiresAt: number
}

const storedSchema = z.strictObject({ terminalId: z.string(), publicKey: z.string(), expiresAt: z.number() })

/** A registration that ends within this time is renewed at the next start. */
const RENEW_BEFORE_MS = 30 * 86_400_000

/** Enrols this terminal at the first start and keeps its registration alive; remembered in `<folder>/registration.json`. */
export function createRegistration(options: RegistrationOptions): Registration {
  const { client, clock, terminalId, publicKey, software } = options
  const file = join(options.folder, 'registration.json')
  let renewing: ReturnType<Registration['renew']> | undefined

  async function stored(): Promise<Standing | undefined> {
    const parsed = storedSchema.safeParse(parsedJson(await readFile(file, 'utf8').catch(() => '')))
    // Another key or id means that what was registered is not this terminal.
    if (!parsed.success || parsed.data.terminalId !== terminalId || parsed.data.publicKey !== publicKey) return undefined
    return { expiresAt: parsed.data.expiresAt }
  }

  async function remember(registered: TerminalRegistered): Promise<Result<Standing, never>> {
    const expiresAt = Date.parse(registered.expiresAt)
    await writeDurably(file, JSON.stringify({ terminalId, publicKey, expiresAt }))
    return ok({ expiresAt })
  }

  async function enrol(): ReturnType<Registration['renew']> {
    if (options.enrolmentCode === undefined) return { ok: false, error: { kind: 'not-enrolled' } }
    const body = { enrolmentCode: options.enrolmentCode, publicKey, region: options.region, name: options.name, software }
    const answer = await client.registerTerminal(body)
    return answer.ok ? remember(answer.value) : answer
  }

  async function renewOnce(): ReturnType<Registration['renew']> {
    // Renewing twice does no harm, so each try may carry a key of its own.
    const answer = await client.renewTerminal({ software })
    if (answer.ok) return remember(answer.value)
    const unknown = answer.error.kind === 'unauthorised' && (answer.error.code === 'terminal-unknown' || answer.error.code === 'signature-invalid')
    return unknown ? enrol() : answer
  }

  const registration: Registration = {
    async ensure() {
      const standing = await stored()
      if (standing === undefined) return enrol()
      if (standing.expiresAt - clock.now() > RENEW_BEFORE_MS) return ok(standing)
      const renewed = await registration.renew()
      // While the old registration still holds, a failed renewal is no reason to stand still.
      return renewed.ok || standing.expiresAt <= clock.now() ? renewed : ok(standing)
    },
    renew() {
      renewing ??= renewOnce().finally(() => {
        renewing = undefined
      })
      return renewing
    },
  }
  return registration
}

function parsedJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
