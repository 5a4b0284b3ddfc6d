import { platform } from 'node:process'
import type * as KoffiModule from 'koffi'
import type { LibraryHandle, TypeObject } from 'koffi'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'

/** Why PC/SC could not do something. `code` is for staff and logs. */
export interface PcscError {
  readonly kind: PcscErrorKind
  readonly code: string
}

export type PcscErrorKind =
  /** The package `koffi`, or the system's PC/SC library, is not installed. */
  | 'not-installed'
  /** The library is there and its service (pcscd, the smart card service) does not run. */
  | 'no-service'
  | 'no-reader'
  | 'reader-gone'
  | 'no-card'
  /** The card was pulled, or somebody else reset it. */
  | 'card-gone'
  /** The card does not answer: upside down, dirty, or not a chip card. */
  | 'mute'
  | 'in-use'
  | 'communication'
  | 'other'

export interface PcscReaderState {
  readonly card: 'absent' | 'present' | 'mute' | 'in-use'
  /** Rises with each card that is put in or taken out, as long as the session lasts. */
  readonly events: number
}

export interface PcscCard {
  readonly protocol: 'T0' | 'T1'
  /** One command and its whole answer, status bytes included. The caller overwrites the answer. */
  transmit(apdu: Uint8Array): Promise<Result<Uint8Array, PcscError>>
  /** Takes the power from the card. */
  disconnect(): Promise<void>
}

/** A session with the service. Calls take turns; none blocks the process, but one may not come back if a reader hangs. */
export interface PcscSession {
  readers(): Promise<Result<readonly string[], PcscError>>
  /** How a reader is now; answers at once. */
  state(reader: string): Promise<Result<PcscReaderState, PcscError>>
  connect(reader: string): Promise<Result<PcscCard, PcscError>>
  /** Resolves when the session is over, which is after the call in flight. */
  release(): Promise<void>
}

export type OpenPcsc = () => Promise<Result<PcscSession, PcscError>>

/** A context or card handle, which is as wide as the platform's pointers. */
type Handle = number | bigint

const SCOPE_SYSTEM = 2
const SHARE_EXCLUSIVE = 1
const UNPOWER_CARD = 2
const PROTOCOL_T0 = 1
const PROTOCOL_T1 = 2
const STATE_UNAVAILABLE = 0x0008
const STATE_UNKNOWN = 0x0004
const STATE_PRESENT = 0x0020
const STATE_EXCLUSIVE = 0x0080
const STATE_MUTE = 0x0200
/** The longest answer of a card with short commands: 256 bytes and two status bytes; the library wants no less than 264. */
const ANSWER_BYTES = 264
const READER_NAMES_CHARACTERS = 4096

const SUCCESS = 0
const TIMEOUT = 0x8010000a
const KINDS: Readonly<Record<number, PcscErrorKind>> = {
  0x8010001d: 'no-service',
  0x8010001e: 'no-service',
  // The handle's service was started anew: everything must be opened again.
  0x80100003: 'no-service',
  0x8010002e: 'no-reader',
  0x80100009: 'reader-gone',
  0x80100017: 'reader-gone',
  0x8010000c: 'no-card',
  0x80100068: 'card-gone',
  0x80100069: 'card-gone',
  0x80100066: 'mute',
  0x80100067: 'mute',
  0x8010000b: 'in-use',
  0x80100013: 'communication',
  0x80100016: 'communication',
  0x8010000f: 'communication',
  // pcsc-lite's word for a broken connection to its service, and for a driver that fails.
  0x80100001: 'communication',
  0x8010002f: 'communication',
}

/** Opens a session with the computer's own PC/SC. The binding is loaded at the first opening. */
export const openSystemPcsc: OpenPcsc = async () => {
  let native: Native
  try {
    native = await loadNative()
  } catch (error) {
    const code = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND' ? 'koffi-missing' : 'pcsc-library-missing'
    return err({ kind: 'not-installed', code })
  }
  const context: [Handle] = [0]
  const established = await native.call('establish', SCOPE_SYSTEM, null, null, context)
  return established.ok ? ok(new NativeSession(native, context[0])) : established
}

interface ReaderStateRecord {
  szReader: string
  pvUserData: null
  dwCurrentState: number
  dwEventState: number
  cbAtr: number
  rgbAtr: number[]
}

/** The six functions that are used, under names of our own. */
interface Native {
  call(name: NativeName, ...values: unknown[]): Promise<Result<void, PcscError>>
  /** Bytes of one character of a reader's name. */
  readonly wide: boolean
  /** Bytes of the header that names the protocol of a command. */
  readonly requestHeaderBytes: number
}
type NativeName = 'establish' | 'release' | 'list' | 'state' | 'connect' | 'disconnect' | 'transmit'

let loading: Promise<Native> | undefined

function loadNative(): Promise<Native> {
  loading ??= load().catch((error: unknown) => {
    // It may be installed while the terminal runs.
    loading = undefined
    throw error
  })
  return loading
}

async function load(): Promise<Native> {
  const koffi = await import('koffi')
  const wide = platform === 'win32'
  const library = koffi.load(wide ? 'winscard.dll' : 'libpcsclite.so.1')
  const functions = declare(koffi, library, wide)
  return {
    wide,
    requestHeaderBytes: koffi.sizeof('unsigned long') * 2,
    call: (name, ...values) =>
      new Promise((resolve) => {
        functions[name].async(...values, (error: unknown, code: number | bigint) => {
          resolve(error ? err({ kind: 'other', code: `pcsc-${name}-call` }) : resultOf(name, code))
        })
      }),
  }
}

/**
 * `LONG` and `DWORD` are the platform's `long`: 64 bits with pcsc-lite on Linux, 32 on Windows, where names are wide
 * characters and the room for the card's answer to reset is longer.
 */
function declare(koffi: typeof KoffiModule, library: LibraryHandle, wide: boolean): Readonly<Record<NativeName, ReturnType<LibraryHandle['func']>>> {
  const text = wide ? 'str16' : 'str'
  const suffix = wide ? 'W' : ''
  const pointer = (type: string | TypeObject): TypeObject => koffi.pointer(type)
  const readerState = koffi.struct({ szReader: text, pvUserData: 'void *', dwCurrentState: 'unsigned long', dwEventState: 'unsigned long', cbAtr: 'unsigned long', rgbAtr: koffi.array('uint8_t', wide ? 36 : 33, 'Array') })
  const request = koffi.struct({ dwProtocol: 'unsigned long', cbPciLength: 'unsigned long' })
  const dwordOut = koffi.out(pointer('unsigned long'))
  const dwordInOut = koffi.inout(pointer('unsigned long'))
  const handleOut = koffi.out(pointer('intptr_t'))
  return {
    establish: library.func('SCardEstablishContext', 'long', ['unsigned long', 'void *', 'void *', handleOut]),
    release: library.func('SCardReleaseContext', 'long', ['intptr_t']),
    list: library.func(`SCardListReaders${suffix}`, 'long', ['intptr_t', text, 'void *', dwordInOut]),
    state: library.func(`SCardGetStatusChange${suffix}`, 'long', ['intptr_t', 'unsigned long', koffi.inout(pointer(readerState)), 'unsigned long']),
    connect: library.func(`SCardConnect${suffix}`, 'long', ['intptr_t', text, 'unsigned long', 'unsigned long', handleOut, dwordOut]),
    disconnect: library.func('SCardDisconnect', 'long', ['intptr_t', 'unsigned long']),
    transmit: library.func('SCardTransmit', 'long', ['intptr_t', pointer(request), 'void *', 'unsigned long', 'void *', 'void *', dwordInOut]),
  }
}

function resultOf(name: NativeName, returned: number | bigint): Result<void, PcscError> {
  const code = Number(BigInt.asUintN(32, BigInt(returned)))
  if (code === SUCCESS) return ok(undefined)
  return err({ kind: KINDS[code] ?? 'other', code: `pcsc-${name}-${code.toString(16).padStart(8, '0')}` })
}

class NativeSession implements PcscSession {
  readonly #native: Native
  readonly #context: Handle
  #turn: Promise<unknown> = Promise.resolve()
  #isOver = false

  constructor(native: Native, context: Handle) {
    this.#native = native
    this.#context = context
  }

  readers(): Promise<Result<readonly string[], PcscError>> {
    return this.#inTurn(async () => {
      const names = Buffer.alloc(READER_NAMES_CHARACTERS * (this.#native.wide ? 2 : 1))
      const length: [number] = [READER_NAMES_CHARACTERS]
      const listed = await this.#native.call('list', this.#context, null, names, length)
      if (!listed.ok) return listed.error.kind === 'no-reader' ? ok([]) : listed
      const text = names.toString(this.#native.wide ? 'utf16le' : 'utf8', 0, length[0] * (this.#native.wide ? 2 : 1))
      return ok(text.split('\0').filter((name) => name !== ''))
    })
  }

  state(reader: string): Promise<Result<PcscReaderState, PcscError>> {
    return this.#inTurn(async () => {
      const states: [ReaderStateRecord] = [{ szReader: reader, pvUserData: null, dwCurrentState: 0, dwEventState: 0, cbAtr: 0, rgbAtr: [] }]
      const asked = await this.#native.call('state', this.#context, 0, states, 1)
      // With nothing new to tell the answer is "time is up", and the state is filled in all the same.
      if (!asked.ok && asked.error.code !== `pcsc-state-${TIMEOUT.toString(16)}`) return asked
      return stateOf(states[0].dwEventState)
    })
  }

  connect(reader: string): Promise<Result<PcscCard, PcscError>> {
    return this.#inTurn(async () => {
      const handle: [Handle] = [0]
      const protocol: [number] = [0]
      const connected = await this.#native.call('connect', this.#context, reader, SHARE_EXCLUSIVE, PROTOCOL_T0 | PROTOCOL_T1, handle, protocol)
      return connected.ok ? ok(this.#card(handle[0], protocol[0])) : connected
    })
  }

  async release(): Promise<void> {
    if (this.#isOver) return
    await this.#inTurn(async () => {
      await this.#native.call('release', this.#context)
      this.#isOver = true
      return ok(undefined)
    })
  }

  #card(handle: Handle, protocol: number): PcscCard {
    return {
      protocol: protocol === PROTOCOL_T1 ? 'T1' : 'T0',
      transmit: (apdu) =>
        this.#inTurn(async () => {
          const answer = Buffer.alloc(ANSWER_BYTES)
          const length: [number] = [ANSWER_BYTES]
          // The caller may overwrite its command while this one is still on its way.
          const command = Buffer.from(apdu)
          const sent = await this.#native.call('transmit', handle, { dwProtocol: protocol, cbPciLength: this.#native.requestHeaderBytes }, command, command.length, null, answer, length)
          if (!sent.ok) return sent
          const bytes = new Uint8Array(answer.subarray(0, length[0]))
          answer.fill(0)
          return ok(bytes)
        }),
      disconnect: async () => {
        await this.#inTurn(() => this.#native.call('disconnect', handle, UNPOWER_CARD))
      },
    }
  }

  #inTurn<T>(work: () => Promise<Result<T, PcscError>>): Promise<Result<T, PcscError>> {
    const mine = this.#turn.then(() => (this.#isOver ? err<PcscError>({ kind: 'no-service', code: 'pcsc-released' }) : work()))
    this.#turn = mine
    return mine
  }
}

function stateOf(flags: number): Result<PcscReaderState, PcscError> {
  const events = flags >>> 16
  if ((flags & (STATE_UNAVAILABLE | STATE_UNKNOWN)) !== 0) return err({ kind: 'reader-gone', code: 'pcsc-state-unavailable' })
  if ((flags & STATE_PRESENT) === 0) return ok({ card: 'absent', events })
  if ((flags & STATE_MUTE) !== 0) return ok({ card: 'mute', events })
  return ok({ card: (flags & STATE_EXCLUSIVE) !== 0 ? 'in-use' : 'present', events })
}
