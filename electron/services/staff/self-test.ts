import type { Clock } from '../../../core/clock/clock.ts'
import type { Log } from '../../../core/log/events.ts'
import type { StaffTestStep, StaffTestView } from '../../../core/staff/view.ts'
import type { LocalText } from '../../../core/text/local-text.ts'
import { text } from '../../../core/text/local-text.ts'
import { faultCode } from '../fault-code.ts'
import type { StepWorld, Tester, TestStep } from './self-test-steps.ts'
import { deviceSteps, machineSteps } from './self-test-steps.ts'

/** Nobody answers: the step has failed, and the next one begins. */
export const ANSWER_LIMIT_MS = 90_000

export interface SelfTest {
  /** The test that runs or ran last; undefined before the first. */
  view(): StaffTestView | undefined
  /** Begins a test of one device or of `all`. False while one runs, or when there is no such device. */
  start(about: string): boolean
  /** Answers the question of a step. False when that step does not ask. */
  answer(step: string, passed: boolean): boolean
  /** Ends the test under way; what was not done is skipped. */
  stop(): void
  /** Drops the result from the screen; what was stored stays. */
  forget(): void
}

export interface SelfTestDependencies extends StepWorld {
  readonly clock: Clock
  readonly log: Log
  /** Keeps the result of one device. */
  readonly store: (device: string, passed: boolean) => Promise<void>
  readonly onChange: () => void
  /** A deed was noticed by a device: somebody is there. */
  readonly onPresence: () => void
}

interface Running {
  readonly about: string
  readonly startedAt: number
  readonly steps: StaffTestStep[]
  readonly abort: AbortController
  question: { readonly step: string; readonly kind: 'doing' | 'looking'; readonly sentence: LocalText; readonly answer: (passed: boolean) => void } | undefined
  ended: boolean
  passed: boolean | undefined
}

/** Guided self-tests, one step after the other, each asking its person for what only hands and eyes can do. */
export function createSelfTest(deps: SelfTestDependencies): SelfTest {
  const { clock } = deps
  let current: Running | undefined

  function set(test: Running, id: string, change: Partial<StaffTestStep>): void {
    const index = test.steps.findIndex((step) => step.id === id)
    const step = test.steps[index]
    if (step !== undefined) test.steps[index] = { ...step, ...change }
    deps.onChange()
  }

  function ask(test: Running, step: string, kind: 'doing' | 'looking', sentence: LocalText): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (passed: boolean): void => {
        clock.clearTimeout(timer)
        test.abort.signal.removeEventListener('abort', stopped)
        test.question = undefined
        resolve(passed)
        deps.onChange()
      }
      const stopped = (): void => end(false)
      const timer = clock.setTimeout(() => end(false), ANSWER_LIMIT_MS)
      test.abort.signal.addEventListener('abort', stopped)
      test.question = { step, kind, sentence, answer: end }
      deps.onChange()
    })
  }

  function testerOf(test: Running, step: string): Tester {
    return {
      looks: (sentence) => ask(test, step, 'looking', sentence),
      does: (sentence) => ask(test, step, 'doing', sentence),
      async doing(sentence, work) {
        const given = new AbortController()
        // "I have done it" changes nothing, the device notices by itself; "it cannot be done" ends the waiting.
        test.question = { step, kind: 'doing', sentence, answer: (passed) => (passed ? undefined : given.abort()) }
        deps.onChange()
        try {
          return await work(AbortSignal.any([given.signal, test.abort.signal]))
        } finally {
          test.question = undefined
          deps.onChange()
        }
      },
      noticed: () => deps.onPresence(),
    }
  }

  async function runStep(test: Running, step: TestStep): Promise<void> {
    const needed = test.steps.find((candidate) => candidate.id === step.needs)
    if (test.abort.signal.aborted) return set(test, step.id, { state: 'skipped' })
    if (needed !== undefined && needed.state !== 'passed') return set(test, step.id, { state: 'skipped', detail: text(`因“${needed.name['zh-CN']}”未通过而跳过。`, `Skipped, because “${needed.name.en}” has not passed.`) })
    set(test, step.id, { state: 'running' })
    try {
      const { passed, detail } = await step.run(testerOf(test, step.id), test.abort.signal)
      set(test, step.id, test.abort.signal.aborted && !passed ? { state: 'skipped', detail: undefined } : { state: passed ? 'passed' : 'failed', detail })
    } catch (error) {
      deps.log('staff.fault', { step: 'self-test', code: faultCode(error) })
      set(test, step.id, { state: 'failed', detail: text('测试本身出错。', 'The test itself failed.') })
    }
  }

  async function run(test: Running, steps: readonly TestStep[]): Promise<void> {
    for (const step of steps) await runStep(test, step)
    const wasStopped = test.abort.signal.aborted
    // A test that was broken off says nothing of devices that it did not come to.
    const tested = new Set(test.steps.flatMap((step) => (step.device === undefined ? [] : [step.device])))
    for (const device of tested) {
      const own = test.steps.filter((step) => step.device === device)
      const failed = own.some((step) => step.state === 'failed')
      if (wasStopped && !failed && own.some((step) => step.state !== 'passed')) continue
      await deps.store(device, !failed && own.every((step) => step.state === 'passed')).catch((error: unknown) => deps.log('staff.fault', { step: 'store-test', code: faultCode(error) }))
    }
    const passed = !wasStopped && test.steps.every((step) => step.state === 'passed')
    test.passed = passed
    test.ended = true
    deps.log('self-test.ended', { about: test.about, passed, steps: test.steps.length, tookMs: clock.now() - test.startedAt })
    deps.onChange()
  }

  function stepsFor(about: string): readonly TestStep[] | undefined {
    if (about === 'all') return [...deps.devices.flatMap((device) => deviceSteps(deps, device)), ...machineSteps(deps)]
    const device = deps.devices.find((candidate) => candidate.id === about)
    return device && deviceSteps(deps, device)
  }

  return {
    view() {
      if (current === undefined) return undefined
      const { about, startedAt, steps, question, ended, passed } = current
      const state = ended ? 'ended' : question === undefined ? 'running' : 'asking'
      return {
        about, startedAt, state, steps: [...steps], passed,
        question: question && { step: question.step, kind: question.kind, sentence: question.sentence },
      }
    },
    start(about) {
      if (current !== undefined && !current.ended) return false
      const steps = stepsFor(about)
      if (steps === undefined) return false
      current = {
        about, startedAt: clock.now(), abort: new AbortController(), question: undefined, ended: false, passed: undefined,
        steps: steps.map(({ id, device, name }) => ({ id, device, name, state: 'waiting', detail: undefined })),
      }
      void run(current, steps)
      return true
    },
    answer(step, passed) {
      const question = current?.question
      if (question === undefined || question.step !== step) return false
      question.answer(passed)
      return true
    },
    stop: () => current?.abort.abort(),
    forget: () => {
      current?.abort.abort()
      current = undefined
    },
  }
}
