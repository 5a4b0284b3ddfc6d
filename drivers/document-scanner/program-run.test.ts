import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../core/clock/simulated-clock.ts'
import type { ProgramRunEnd } from './program-run.ts'
import { CLEARING_LIMIT_MS, runProgram, STOP_LIMIT_MS } from './program-run.ts'
import type { ProgramEnd } from './program.ts'

const LIMIT_MS = 180_000
const SILENCE_LIMIT_MS = 60_000

/** A program that does what the test says; `heeds` names the signals that end it. */
function begin(heeds: readonly string[]) {
  const clock = new SimulatedClock()
  const cancel = new AbortController()
  const signals: string[] = []
  let speak: (text: string) => void = () => undefined
  let complain: (text: string) => void = () => undefined
  let end: (how: ProgramEnd) => void = () => undefined
  const state: { result: ProgramRunEnd | undefined } = { result: undefined }
  const program = {
    pid: 7,
    onOutput: (listener: typeof speak) => void (speak = listener),
    onErrorOutput: (listener: typeof complain) => void (complain = listener),
    onEnd: (listener: typeof end) => void (end = listener),
    kill: (signal: 'SIGINT' | 'SIGKILL') => {
      signals.push(signal)
      if (heeds.includes(signal)) end({ kind: 'signal', signal })
    },
  }
  const running = runProgram(() => program, { clock, signal: cancel.signal, limitMs: LIMIT_MS, silenceLimitMs: SILENCE_LIMIT_MS, isLastWord: (words) => words.includes('cover is open\n') })
  void running.then((result) => (state.result = result))
  return { clock, cancel, signals, state, speak: (text: string) => speak(text), complain: (text: string) => complain(text), end: (how: ProgramEnd) => end(how) }
}

describe('a program that runs beside us', () => {
  it('ends with its code and its last words', async () => {
    const { clock, complain, end, state } = begin([])
    complain('Progress: 0.0%\r')
    complain('no more\n')
    end({ kind: 'exit', code: 7 })
    await clock.advance(0)
    expect(state.result).toEqual({ kind: 'exit', code: 7, lastWords: 'Progress: 0.0%\rno more\n' })
    expect(clock.pending).toBe(0)
  })

  it('is ended when it says nothing for too long', async () => {
    const { clock, complain, signals, state } = begin(['SIGINT'])
    await clock.advance(SILENCE_LIMIT_MS - 1)
    complain('Progress: 10.0%\r')
    await clock.advance(SILENCE_LIMIT_MS - 1)
    expect(signals).toEqual([])
    await clock.advance(1)
    expect(state.result).toEqual({ kind: 'silent', lastWords: 'Progress: 10.0%\r' })
  })

  it('is ended when it goes on talking and gets nowhere', async () => {
    const { clock, complain, signals, state } = begin(['SIGINT'])
    for (let ms = 0; ms < LIMIT_MS; ms += 1_000) {
      complain('Progress: 10.0%\r')
      await clock.advance(1_000)
    }
    expect(signals).toEqual(['SIGINT'])
    expect(state.result?.kind).toBe('silent')
  })

  it('is given a short time to clear up after its last word, and then ended the hard way', async () => {
    const { clock, complain, signals, state } = begin(['SIGKILL'])
    complain('Progress: 0.0%\rscanimage: sane_read: Scanner cover ')
    complain('is open\n')
    await clock.advance(CLEARING_LIMIT_MS - 1)
    expect(signals).toEqual([])
    await clock.advance(1)
    expect(signals).toEqual(['SIGINT'])
    await clock.advance(STOP_LIMIT_MS)
    expect(signals).toEqual(['SIGINT', 'SIGKILL'])
    expect(state.result).toEqual({ kind: 'silent', lastWords: 'Progress: 0.0%\rscanimage: sane_read: Scanner cover is open\n' })
    expect(clock.pending).toBe(0)
  })

  it.each(['cancelled', 'silent'] as const)('is waited for no longer when it hangs in the kernel (%s)', async (why) => {
    const { clock, cancel, signals, state } = begin([])
    if (why === 'cancelled') cancel.abort()
    else await clock.advance(SILENCE_LIMIT_MS)
    await clock.advance(STOP_LIMIT_MS + 2_000)
    expect(signals).toEqual(['SIGINT', 'SIGKILL'])
    expect(state.result?.kind).toBe(why)
    expect(clock.pending).toBe(0)
  })
})
