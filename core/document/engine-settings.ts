/**
 * Which text engine a terminal runs and with which files. The document worker gets this as its first message; it comes from
 * the section `reading` of the terminal's configuration.
 */

/** `paddle-native`: PP-OCR on the native runtime; `paddle-web`: the same on WebAssembly; `tesseract`: Tesseract in WebAssembly. */
export const ENGINE_NAMES = ['paddle-native', 'paddle-web', 'tesseract'] as const
export type EngineName = (typeof ENGINE_NAMES)[number]

/** A file with the sum that it must have (SHA-256, 64 hexadecimal digits). */
export interface SealedFile {
  readonly file: string
  readonly sha256: string
}

export const MODEL_PARTS = ['detection', 'recognition', 'direction', 'dictionary'] as const
export type ModelPart = (typeof MODEL_PARTS)[number]
export type ModelFiles = Readonly<Record<ModelPart, SealedFile>>

export interface EngineSettings {
  /** Tried in this order: the next one runs where the runtime of the one before does not load on this machine. */
  readonly engines: readonly EngineName[]
  /** Threads that one recognition uses. */
  readonly threads: number
  /** Absolute paths. Left out: the files that come with the program. */
  readonly models?: ModelFiles
}

export const DEFAULT_ENGINE_SETTINGS: EngineSettings = { engines: ENGINE_NAMES, threads: 2 }

/**
 * Why no engine runs. A runtime that does not load passes the turn to the next engine; a file that is not what it should be
 * does not: somebody has to look. `part` names the file by its role, never by its path.
 */
export type EngineFault =
  | { readonly kind: 'model-missing'; readonly part: ModelPart }
  | { readonly kind: 'model-altered'; readonly part: ModelPart }
  /** Whole as its sum says, but no model, or none that this program understands. */
  | { readonly kind: 'model-unusable'; readonly part: ModelPart }
  /** The dictionary has not one line per sign that the recognition model knows. */
  | { readonly kind: 'dictionary-does-not-fit' }
  | { readonly kind: 'no-runtime' }

/** Which text engine runs, as the newest document worker told it. */
export type EngineState =
  | { readonly state: 'starting' }
  /** `passedOver`: engines of the settings that come first and do not load on this machine. */
  | { readonly state: 'running'; readonly engine: EngineName; readonly passedOver: readonly EngineName[] }
  | { readonly state: 'unfit'; readonly fault: EngineFault }

/** Short code of a fault for logs: `model-altered:recognition`. */
export function engineFaultCode(fault: EngineFault): string {
  return 'part' in fault ? `${fault.kind}:${fault.part}` : fault.kind
}
