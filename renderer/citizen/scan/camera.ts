import { err, ok } from '../../../core/result/result.ts'
import type { Result } from '../../../core/result/result.ts'
import { greyOf, sharpestOf } from './sharpness.ts'

/**
 * The document camera (高拍仪) through the browser. Asked for by ideal sizes, because `exact` fails where a camera has none
 * of them and without numbers Chromium gives 640 × 480; the still is a frame of the large track.
 */
const WANTED = { width: 4000, height: 3000 } as const
/** What the kiosk decodes at most (20 million pixels, A3 at 300 dpi), with a little to spare. */
const MOST_PIXELS = 19_500_000
/** Exposure and focus settle in the first frames. */
export const SKIPPED_FRAMES = 5
/** A camera at its largest size gives 5 to 15 frames a second; one that gives none for so long is gone. */
const FRAME_LIMIT_MS = 5_000
const STILLS = 3
const SMALL_WIDTH = 480
const JPEG_QUALITY = 0.9

/** For the kiosk: what is wrong with the camera, with a code for staff. */
export interface CameraTrouble {
  readonly state: 'offline' | 'fault'
  readonly code: string
}

export interface OpenCamera {
  readonly stream: MediaStream
  /** Called once when the camera is pulled out or taken away. */
  onLost(listener: () => void): void
  /** Light off. May be called again. */
  close(): void
}

type Media = Pick<MediaDevices, 'enumerateDevices' | 'getUserMedia'>
type CameraDevice = Pick<MediaDeviceInfo, 'kind' | 'label' | 'deviceId'>

/** `unnamed`: there is a camera, and the browser keeps its name to itself until it has been opened once. */
export type CameraChoice = { readonly kind: 'found'; readonly deviceId: string } | { readonly kind: 'unnamed' } | { readonly kind: 'none' }

/** The camera whose label holds the configured part (its name or USB id); without one, the first. */
export function chooseCamera(devices: readonly CameraDevice[], label: string | undefined): CameraChoice {
  const cameras = devices.filter(({ kind }) => kind === 'videoinput')
  if (cameras.length === 0) return { kind: 'none' }
  if (cameras.every((camera) => camera.label === '')) return { kind: 'unnamed' }
  const wanted = label?.toLowerCase()
  const chosen = wanted === undefined ? cameras[0] : cameras.find((camera) => camera.label.toLowerCase().includes(wanted))
  return chosen === undefined ? { kind: 'none' } : { kind: 'found', deviceId: chosen.deviceId }
}

/** What an error of the browser means, by its name; its words are for nobody. */
export function troubleOf(error: unknown): CameraTrouble {
  const name = error instanceof Error || (typeof error === 'object' && error !== null && 'name' in error) ? String((error as { readonly name: unknown }).name) : 'unknown'
  const code = name.replace(/[^A-Za-z0-9-]/g, '').slice(0, 40) || 'unknown'
  return { state: name === 'NotFoundError' || name === 'OverconstrainedError' ? 'offline' : 'fault', code }
}

/** The largest size that the camera has, within what the kiosk can decode; undefined where ideal sizes are left to decide. */
export function largestSize(capabilities: { readonly width?: { readonly max?: number }; readonly height?: { readonly max?: number } }): { readonly width: number; readonly height: number } | undefined {
  const width = capabilities.width?.max ?? 0
  const height = capabilities.height?.max ?? 0
  return width > 0 && height > 0 && width * height <= MOST_PIXELS ? { width, height } : undefined
}

/** Opens the configured camera at its largest size. Never rejects; without sound, always. */
export async function openCamera(label: string | undefined, media: Media | undefined = globalThis.navigator.mediaDevices): Promise<Result<OpenCamera, CameraTrouble>> {
  if (media === undefined) return err({ state: 'fault', code: 'no-media' })
  let stream: MediaStream | undefined
  try {
    const ask = (deviceId: string | undefined): Promise<MediaStream> => media.getUserMedia({
      audio: false,
      video: { ...(deviceId === undefined ? {} : { deviceId: { exact: deviceId } }), width: { ideal: WANTED.width }, height: { ideal: WANTED.height } },
    })
    let choice = chooseCamera(await media.enumerateDevices(), label)
    if (choice.kind === 'none') return err({ state: 'offline', code: 'not-found' })
    stream = await ask(choice.kind === 'found' ? choice.deviceId : undefined)
    if (choice.kind === 'unnamed') {
      choice = chooseCamera(await media.enumerateDevices(), label)
      const opened = stream.getVideoTracks()[0]?.getSettings().deviceId
      if (choice.kind === 'none' || (choice.kind === 'found' && choice.deviceId !== opened)) {
        stop(stream)
        stream = undefined
        if (choice.kind === 'none') return err({ state: 'offline', code: 'not-found' })
        stream = await ask(choice.deviceId)
      }
    }
    const track = stream.getVideoTracks()[0]
    if (track === undefined) {
      stop(stream)
      return err({ state: 'fault', code: 'no-track' })
    }
    const size = largestSize(track.getCapabilities())
    // A camera that cannot do both at once keeps the size that it chose.
    if (size !== undefined) await track.applyConstraints({ width: { ideal: size.width }, height: { ideal: size.height } }).catch(() => undefined)
    return ok(holding(stream, track))
  } catch (error) {
    if (stream !== undefined) stop(stream)
    return err(troubleOf(error))
  }
}

function holding(stream: MediaStream, track: MediaStreamTrack): OpenCamera {
  let closed = false
  let lost: (() => void) | undefined
  track.addEventListener('ended', () => {
    if (!closed) lost?.()
  })
  return {
    stream,
    onLost: (listener) => {
      if (track.readyState === 'ended' && !closed) listener()
      else lost = listener
    },
    close: () => {
      closed = true
      stop(stream)
    },
  }
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}

/** Waits until so many new frames have come. Rejects when none comes for {@link FRAME_LIMIT_MS}. */
export async function passFrames(video: HTMLVideoElement, count: number): Promise<void> {
  for (let passed = 0; passed < count; passed++) {
    await new Promise<void>((resolve, reject) => {
      const limit = setTimeout(() => {
        video.cancelVideoFrameCallback(handle)
        reject(new Error('no frame'))
      }, FRAME_LIMIT_MS)
      const handle = video.requestVideoFrameCallback(() => {
        clearTimeout(limit)
        resolve()
      })
    })
  }
}

/** The sharpest of three frames at their full size, as a JPEG in a data URL. Rejects when the camera gives no more frames. */
export async function takeStill(video: HTMLVideoElement): Promise<string> {
  const frame = await sharpestOf(
    STILLS,
    async () => {
      await passFrames(video, 1)
      return createImageBitmap(video)
    },
    (bitmap) => {
      const width = Math.min(SMALL_WIDTH, bitmap.width)
      const height = Math.max(1, Math.round((bitmap.height / bitmap.width) * width))
      return greyOf(context(width, height, bitmap).getImageData(0, 0, width, height))
    },
    (bitmap) => bitmap.close(),
  )
  const { canvas } = context(frame.width, frame.height, frame)
  frame.close()
  return dataUrlOf(await canvas.convertToBlob({ type: 'image/jpeg', quality: JPEG_QUALITY }))
}

function context(width: number, height: number, picture: ImageBitmap): OffscreenCanvasRenderingContext2D {
  const drawn = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: width <= SMALL_WIDTH })
  if (drawn === null) throw new Error('no canvas')
  drawn.drawImage(picture, 0, 0, width, height)
  return drawn
}

function dataUrlOf(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => (typeof reader.result === 'string' ? resolve(reader.result) : reject(new Error('no picture')))
    reader.onerror = () => reject(new Error('no picture'))
    reader.readAsDataURL(blob)
  })
}
