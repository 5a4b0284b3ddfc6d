import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { TROUBLE_KEPT_MS, watchCamera } from './camera-watch.ts'
import type { CameraNews } from './camera-watch.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

class FakeMedia extends EventTarget {
  labels: readonly string[] = ['Document Camera']
  refuses = false
  looks = 0
  enumerateDevices(): Promise<MediaDeviceInfo[]> {
    this.looks++
    if (this.refuses) return Promise.reject(new Error('refused'))
    return Promise.resolve(this.labels.map((label) => ({ kind: 'videoinput', label, deviceId: label, groupId: '', toJSON: () => ({}) })))
  }
  change(labels: readonly string[]): void {
    this.labels = labels
    this.dispatchEvent(new Event('devicechange'))
  }
}

function watching(label?: string, media = new FakeMedia()) {
  const told: string[] = []
  const watcher = watchCamera(label, (news: CameraNews) => told.push([news.state, ...('code' in news ? [news.code] : [])].join(' ')), media)
  return { media, told, watcher, pass: (ms = 0) => vi.advanceTimersByTimeAsync(ms) }
}

describe('the camera, watched without opening it', () => {
  it('is told at once, when it is pulled out, and when it comes back; nothing is told twice', async () => {
    const { media, told, pass } = watching('document')
    await pass()
    media.change(['Document Camera', 'Face'])
    await pass()
    media.change(['Face'])
    await pass()
    media.change(['Document Camera'])
    await pass()
    expect(told).toEqual(['ready', 'offline not-found', 'ready'])
  })

  it('stays in trouble that only opening shows, for a while, then is looked for again', async () => {
    const { told, watcher, pass } = watching()
    await pass()
    watcher.trouble({ state: 'fault', code: 'NotReadableError' })
    await pass(TROUBLE_KEPT_MS - 1)
    expect(told).toEqual(['ready', 'fault NotReadableError'])
    await pass(1)
    expect(told.at(-1)).toBe('ready')
  })

  it('is out of trouble as soon as it opens, or when something is plugged in', async () => {
    const { media, told, watcher, pass } = watching()
    await pass()
    watcher.trouble({ state: 'offline', code: 'unplugged' })
    watcher.works()
    watcher.trouble({ state: 'offline', code: 'unplugged' })
    media.change(['Document Camera'])
    await pass()
    expect(told).toEqual(['ready', 'offline unplugged', 'ready', 'offline unplugged', 'ready'])
    await pass(10 * TROUBLE_KEPT_MS)
    expect(media.looks).toBe(2)
  })

  it('is not contradicted by a look that began before', async () => {
    const { told, watcher, pass } = watching()
    watcher.trouble({ state: 'fault', code: 'NotAllowedError' })
    await pass()
    expect(told).toEqual(['fault NotAllowedError'])
  })

  it('is a fault where the browser shows none, and is left alone when the watch ends', async () => {
    const media = new FakeMedia()
    media.refuses = true
    const { told, watcher, pass } = watching(undefined, media)
    await pass()
    expect(told).toEqual(['fault no-media'])
    watcher.trouble({ state: 'offline', code: 'unplugged' })
    watcher.stop()
    media.change(['Document Camera'])
    await pass(TROUBLE_KEPT_MS)
    expect(media.looks).toBe(1)
    expect(told.length).toBe(2)
  })
})
