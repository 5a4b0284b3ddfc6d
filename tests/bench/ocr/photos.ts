import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cornerError } from '../../../electron/document-worker/page/measure.ts'
import type { PhotoScene } from '../../../sandbox/papers/photo.ts'
import type { PhotoTruth } from '../../../sandbox/papers/truth.ts'
import { photoTruthSchema } from '../../../sandbox/papers/truth.ts'
import type { PhotoOutcome } from './messages.ts'
import { startReader } from './reader-process.ts'

/** What the page finder made of the photographs of one scene. */
export interface SceneReport {
  readonly scene: PhotoScene
  readonly photos: number
  /** Corners found and trusted. */
  readonly found: number
  /** Mean and worst corner error of those, as a share of the picture's longer side. */
  readonly meanError: number
  readonly worstError: number
  /** Photographs where everything was told that a gate must tell. */
  readonly told: number
  /** Photographs where something was told that is not so. */
  readonly falseAlarms: number
  readonly meanMs: number
}

export interface FindingReport {
  readonly scenes: readonly SceneReport[]
  /** Longer side of the photographs. */
  readonly longerSidePx: number
}

export async function lookAtPhotos(names: readonly string[], folder: string): Promise<FindingReport> {
  const reader = startReader()
  const looked: { readonly truth: PhotoTruth; readonly outcome: PhotoOutcome }[] = []
  try {
    for (const name of names) {
      const truth = photoTruthSchema.parse(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')))
      looked.push({ truth, outcome: await reader.photo({ file: join(folder, `${name}.jpg`), paper: truth.paper }) })
    }
  } finally {
    reader.close()
  }
  const scenes = [...new Set(looked.map(({ truth }) => truth.scene))]
  return {
    scenes: scenes.map((scene) => sceneReport(scene, looked.filter(({ truth }) => truth.scene === scene))),
    longerSidePx: Math.max(0, ...looked.map(({ truth }) => Math.max(truth.width, truth.height))),
  }
}

function sceneReport(scene: PhotoScene, looked: readonly { readonly truth: PhotoTruth; readonly outcome: PhotoOutcome }[]): SceneReport {
  // Of two pages either may be found, and corners beyond the picture can only be guessed: no error is measured there.
  const errors = looked.flatMap(({ truth, outcome }) =>
    truth.quad === undefined || outcome.quad === undefined || truth.problems.some((problem) => problem === 'two-pages' || problem === 'cut-off') ? [] : [cornerError(outcome.quad, truth.quad, truth)])
  return {
    scene, photos: looked.length, found: looked.filter(({ outcome }) => outcome.place === 'found').length,
    meanError: errors.length === 0 ? 0 : errors.reduce((sum, error) => sum + error, 0) / errors.length, worstError: Math.max(0, ...errors),
    told: looked.filter(({ truth, outcome }) => truth.problems.every((problem) => outcome.problems.includes(problem))).length,
    falseAlarms: looked.filter(({ truth, outcome }) => outcome.problems.some((problem) => !truth.problems.includes(problem) && !truth.mayTell.includes(problem))).length,
    meanMs: looked.reduce((sum, { outcome }) => sum + outcome.wallMs, 0) / Math.max(1, looked.length),
  }
}
