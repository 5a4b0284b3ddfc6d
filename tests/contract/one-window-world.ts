import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../core/clock/clock.ts'
import { createOneWindowClient, type OneWindowClient, type OneWindowClientOptions } from '../../core/one-window/client.ts'
import type { FileRef, Person, Submission, UploadManifest } from '../../core/one-window/types.ts'
import { systemClock } from '../../drivers/device-host/system-clock.ts'
import { nodePlatform } from '../../electron/services/one-window/node-platform.ts'
import { openTerminalKey, type TerminalKey } from '../../electron/services/one-window/terminal-key.ts'
import { createBackend, type Backend } from '../../sandbox/backend/backend.ts'

export const TERMINAL = 'DEMO-0001'
export const ENROLMENT_CODE = 'first-start-2026'

/** 陈志远, as his card says. */
export const CHEN: Person = { name: '陈志远', kind: 'resident', number: '990101199011050014', sex: 'male', birth: '1990-11-05', nationCode: '15', address: '示范市示范区青年路26号' }
export const LIN: Person = { name: '林晓雯', kind: 'resident', number: '990101198512200047', sex: 'female', birth: '1985-12-20' }

/** A real backend on loopback, and what a terminal needs to speak with it. */
export interface World {
  readonly folder: string
  readonly backend: Backend
  readonly key: TerminalKey
  client(overrides?: Partial<OneWindowClientOptions>): OneWindowClient
  enrol(): Promise<void>
  close(): Promise<void>
}

export async function openWorld(clock: Clock = systemClock): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'one-window-'))
  mkdirSync(join(folder, 'keys'))
  const backend = createBackend({ folder: join(folder, 'backend'), port: 0, clock, registerCode: ENROLMENT_CODE })
  await backend.start()
  const opened = await openTerminalKey(join(folder, 'keys'))
  if (!opened.ok) throw new Error(opened.error.kind)
  const key = opened.value
  const world: World = {
    folder, backend, key,
    client: (overrides = {}) => createOneWindowClient({ baseUrl: `${backend.url}/v1`, terminalId: TERMINAL, sign: key.sign, clock, timeoutMs: 5_000, ...nodePlatform, ...overrides }),
    async enrol() {
      const answer = await world.client().registerTerminal(registrationOf(key))
      if (!answer.ok) throw new Error(answer.error.kind)
    },
    async close() {
      await backend.stop()
      rmSync(folder, { recursive: true })
    },
  }
  return world
}

export function registrationOf(key: TerminalKey): Parameters<OneWindowClient['registerTerminal']>[0] {
  return { enrolmentCode: ENROLMENT_CODE, publicKey: key.publicKey, region: '990101', name: { 'zh-CN': '演示终端', en: 'Demonstration terminal' }, software: '0.1.0' }
}

export function consent(): Submission['consents'][number] {
  return { id: 'consent-M05', textVersion: '1.0.0', agreedAt: '2026-01-01T01:00:00.000Z' }
}

export function file(bytes: Uint8Array, mime: FileRef['mime'] = 'image/jpeg'): { readonly manifest: UploadManifest; readonly bytes: Uint8Array } {
  return { manifest: { file: { attachmentId: randomUUID(), sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length, mime }, purpose: 'material' }, bytes }
}

const NAMES = { M01: { 'zh-CN': '社会保险参保缴费证明（个人）', en: 'Proof of social-insurance contributions' }, M05: { 'zh-CN': '居住证申领', en: 'Residence permit' }, M12: { 'zh-CN': '老年人优待证', en: 'Elder card' } } as const

export function submission(matter: keyof typeof NAMES, applicant: Person, uploads: readonly UploadManifest[] = [], form: Record<string, unknown> = {}): Omit<Submission, 'localNumber'> {
  return {
    confirmedAt: '2026-01-01T01:02:03.000Z',
    matter: { id: matter, name: NAMES[matter], taskCode: '11990101990000025B4000120001000' },
    pack: { id: 'demonstration-990101', version: '1.0.0' },
    applicant,
    evidence: { how: 'card-read', readAt: '2026-01-01T01:00:30.000Z', deviceId: 'reader' },
    answers: { basis: 'home' },
    form,
    materials: [
      { id: 'id-card', name: { 'zh-CN': '居民身份证', en: 'Identity card' }, how: 'card', uploads: [] },
      ...(uploads.length === 0 ? [] : [{ id: 'lease', name: { 'zh-CN': '租赁合同', en: 'Lease' }, how: 'scan' as const, uploads: uploads.map((manifest) => manifest.file) }]),
    ],
    commitments: [],
    consents: [consent()],
    channel: { kind: 'terminal', terminalId: TERMINAL, software: '0.1.0' },
  }
}
