import type { EngineFault, EngineName, EngineSettings, ModelFiles } from '../../../core/document/engine-settings.ts'
import type { OcrEngine } from '../../../core/document/engine.ts'
import { err, ok, unreachable } from '../../../core/result/result.ts'
import type { Result } from '../../../core/result/result.ts'
import { shippedModels } from './models.ts'
import { openNativeRuntime } from './native-runtime.ts'
import { createPaddleEngine } from './paddle-engine.ts'
import { openPaddleNets } from './paddle-nets.ts'
import type { OpenRuntime } from './runtime.ts'
import { openTesseractEngine } from './tesseract-engine.ts'
import { openWebRuntime } from './web-runtime.ts'

export interface OpenedEngine {
  readonly name: EngineName
  readonly engine: OcrEngine
  /** Engines of the settings that come before and do not load on this machine. */
  readonly passedOver: readonly EngineName[]
}

/**
 * Opens the first engine of the settings whose runtime loads. A model that is missing or is not what its sum says ends the
 * search: another engine would read worse, and nobody would know.
 */
export function openEngine(settings: EngineSettings): Promise<Result<OpenedEngine, EngineFault>> {
  return openFirst(settings.engines, (name) => openOne(name, settings))
}

/** The same for any way to open one. */
export async function openFirst(engines: readonly EngineName[], open: (name: EngineName) => Promise<Result<OcrEngine, EngineFault | 'does-not-load'>>): Promise<Result<OpenedEngine, EngineFault>> {
  const passedOver: EngineName[] = []
  for (const name of engines) {
    const opened = await open(name)
    if (opened.ok) return ok({ name, engine: opened.value, passedOver })
    if (opened.error !== 'does-not-load') return err(opened.error)
    passedOver.push(name)
  }
  return err({ kind: 'no-runtime' })
}

async function openOne(name: EngineName, { threads, models }: EngineSettings): Promise<Result<OcrEngine, EngineFault | 'does-not-load'>> {
  switch (name) {
    case 'paddle-native':
      return openPaddle(name, openNativeRuntime, threads, models)
    case 'paddle-web':
      return openPaddle(name, openWebRuntime, threads, models)
    case 'tesseract':
      try {
        return ok(await openTesseractEngine())
      } catch {
        return err('does-not-load')
      }
    default:
      return unreachable(name)
  }
}

async function openPaddle(name: EngineName, open: OpenRuntime, threads: number, models: ModelFiles = shippedModels()): Promise<Result<OcrEngine, EngineFault | 'does-not-load'>> {
  const runtime = await open(threads)
  if (!runtime.ok) return runtime
  const nets = await openPaddleNets(runtime.value, models)
  return nets.ok ? ok(createPaddleEngine(name, nets.value)) : nets
}
