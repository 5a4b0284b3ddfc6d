import { onBeforeUnmount, watch } from 'vue'
import { useKiosk } from '../../stores/kiosk.ts'
import type { CameraTrouble } from './camera.ts'
import type { CameraWatcher } from './camera-watch.ts'
import { watchCamera } from './camera-watch.ts'

/** One watcher for the page, told by the screen that opens the camera. */
let watcher: CameraWatcher | undefined

/** Tells the kiosk of its document camera for as long as the page lives; does nothing on a terminal without one. */
export function useCameraWatch(): void {
  const kiosk = useKiosk()
  const configured = (): string | undefined => (kiosk.terminal?.camera === undefined ? undefined : JSON.stringify([kiosk.terminal.camera.label]))
  watch(configured, () => {
    watcher?.stop()
    const camera = kiosk.terminal?.camera
    watcher = camera === undefined ? undefined : watchCamera(camera.label, (news) => void kiosk.send({ type: 'camera', ...news }))
  }, { immediate: true })
  onBeforeUnmount(() => {
    watcher?.stop()
    watcher = undefined
  })
}

export const cameraFailed = (trouble: CameraTrouble): void => watcher?.trouble(trouble)
export const cameraWorks = (): void => watcher?.works()
