import type { CameraTrouble } from './camera.ts'
import { chooseCamera } from './camera.ts'

/** What only opening shows is believed this long; then the camera is looked for again. */
export const TROUBLE_KEPT_MS = 30_000

export type CameraNews = { readonly state: 'ready' } | CameraTrouble

type Media = Pick<MediaDevices, 'enumerateDevices' | 'addEventListener' | 'removeEventListener'>

export interface CameraWatcher {
  /** Opening it failed, or it was lost while open. */
  trouble(trouble: CameraTrouble): void
  /** It was opened: whatever was wrong is over. */
  works(): void
  stop(): void
}

/**
 * Watches for the camera without opening it: nobody is filmed to learn whether it is there. Tells what it finds at once and
 * at every change, and nothing twice.
 */
export function watchCamera(label: string | undefined, tell: (news: CameraNews) => void, media: Media | undefined = globalThis.navigator.mediaDevices): CameraWatcher {
  let told = ''
  let stopped = false
  let look = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function say(news: CameraNews): void {
    const words = JSON.stringify(news)
    if (stopped || words === told) return
    told = words
    tell(news)
  }
  async function check(): Promise<void> {
    clearTimeout(timer)
    const mine = ++look
    const choice = await media?.enumerateDevices().then((devices) => chooseCamera(devices, label), () => undefined)
    // A look that was overtaken by a later one, or by what opening showed, has nothing to say any more.
    if (mine !== look) return
    if (choice === undefined) say({ state: 'fault', code: 'no-media' })
    else say(choice.kind === 'none' ? { state: 'offline', code: 'not-found' } : { state: 'ready' })
  }
  const onChange = (): void => void check()
  media?.addEventListener('devicechange', onChange)
  void check()

  return {
    trouble: (trouble) => {
      look++
      clearTimeout(timer)
      timer = setTimeout(() => void check(), TROUBLE_KEPT_MS)
      say(trouble)
    },
    works: () => {
      look++
      clearTimeout(timer)
      say({ state: 'ready' })
    },
    stop: () => {
      stopped = true
      clearTimeout(timer)
      media?.removeEventListener('devicechange', onChange)
    },
  }
}
