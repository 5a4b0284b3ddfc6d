import { describe, expect, it } from 'vitest'
import { chooseCamera, largestSize, openCamera, troubleOf } from './camera.ts'

const device = (label: string, deviceId = label, kind: MediaDeviceKind = 'videoinput') => ({ kind, label, deviceId, groupId: '', toJSON: () => ({}) })
const GLASS = 'Document Camera (1b17:0211)'

class FakeTrack extends EventTarget {
  readyState: 'live' | 'ended' = 'live'
  readonly asked: object[] = []
  readonly deviceId: string
  readonly max: number
  constructor(deviceId: string, max = 4000) {
    super()
    this.deviceId = deviceId
    this.max = max
  }
  getSettings(): object { return { deviceId: this.deviceId } }
  getCapabilities(): object { return { width: { max: this.max }, height: { max: this.max * 0.75 } } }
  applyConstraints(constraints: object): Promise<void> {
    this.asked.push(constraints)
    return Promise.resolve()
  }
  stop(): void { this.readyState = 'ended' }
  /** The plug comes out. */
  end(): void {
    this.readyState = 'ended'
    this.dispatchEvent(new Event('ended'))
  }
}

/** A browser whose cameras keep their names to themselves until one has been opened. */
function browser(labels: readonly string[], { hidden = false, fails = undefined as string | undefined, max = 4000 } = {}) {
  const tracks: FakeTrack[] = []
  const asked: MediaStreamConstraints[] = []
  let opened = !hidden
  const media = {
    enumerateDevices: () => Promise.resolve(opened ? labels.map((label) => device(label)) : labels.slice(0, 1).map(() => device('', ''))),
    getUserMedia: (constraints: MediaStreamConstraints) => {
      asked.push(constraints)
      if (fails !== undefined) return Promise.reject(Object.assign(new Error('words'), { name: fails }))
      opened = true
      const wanted = (constraints.video as { deviceId?: { exact: string } }).deviceId?.exact
      const track = new FakeTrack(wanted ?? labels[0] ?? '', max)
      tracks.push(track)
      return Promise.resolve({ getVideoTracks: () => [track], getTracks: () => [track] } as unknown as MediaStream)
    },
  }
  return { media, tracks, asked }
}

describe('the camera is chosen', () => {
  it.each([
    ['by a part of its label', '1b17:0211', [device('Face'), device(GLASS)], { kind: 'found', deviceId: GLASS }],
    ['whatever its capitals', 'DOCUMENT', [device(GLASS)], { kind: 'found', deviceId: GLASS }],
    ['as the first where none is configured', undefined, [device('mic', 'm', 'audioinput'), device(GLASS)], { kind: 'found', deviceId: GLASS }],
    ['never as another one', '1b17:0211', [device('Face')], { kind: 'none' }],
    ['later, when names are still kept back', '1b17', [device('', '')], { kind: 'unnamed' }],
    ['not at all where there is none', undefined, [device('mic', 'm', 'audioinput')], { kind: 'none' }],
  ] as const)('%s', (_how, label, devices, choice) => {
    expect(chooseCamera(devices, label)).toEqual(choice)
  })
})

describe('the camera is opened', () => {
  it('large, without sound, at the largest size that it has', async () => {
    const { media, asked, tracks } = browser([GLASS], { max: 4608 })
    const opened = await openCamera('1b17', media)
    expect(opened.ok).toBe(true)
    expect(asked).toEqual([{ audio: false, video: { deviceId: { exact: GLASS }, width: { ideal: 4000 }, height: { ideal: 3000 } } }])
    expect(tracks[0]?.asked).toEqual([{ width: { ideal: 4608 }, height: { ideal: 3456 } }])
  })

  it('as it comes when it has more pixels than the kiosk takes', async () => {
    const { media, tracks } = browser([GLASS], { max: 8000 })
    expect((await openCamera(undefined, media)).ok).toBe(true)
    expect(tracks[0]?.asked).toEqual([])
    expect(largestSize({})).toBeUndefined()
  })

  it('again when the first one opened turns out to be another', async () => {
    const { media, tracks } = browser(['Face', GLASS], { hidden: true })
    expect((await openCamera('1b17', media)).ok).toBe(true)
    expect(tracks.map(({ deviceId, readyState }) => [deviceId, readyState])).toEqual([['Face', 'ended'], [GLASS, 'live']])
  })

  it('not at all when only others are there, and their light is out again', async () => {
    const { media, tracks } = browser(['Face'], { hidden: true })
    expect(await openCamera('1b17', media)).toEqual({ ok: false, error: { state: 'offline', code: 'not-found' } })
    expect(tracks.map(({ readyState }) => readyState)).toEqual(['ended'])
  })

  it.each([['NotFoundError', 'offline'], ['NotAllowedError', 'fault'], ['NotReadableError', 'fault'], ['AbortError', 'fault']])('with %s it is %s', async (name, state) => {
    expect(await openCamera(undefined, browser([GLASS], { fails: name }).media)).toEqual({ ok: false, error: { state, code: name } })
  })

  it('and what an error says never leaves the page', () => {
    expect(troubleOf('a string')).toEqual({ state: 'fault', code: 'unknown' })
    expect(troubleOf({ name: 'a name with 张三' })).toEqual({ state: 'fault', code: 'anamewith' })
  })

  it('without a browser that has cameras is a fault', async () => {
    expect(await openCamera(undefined, { getUserMedia: undefined, enumerateDevices: undefined } as never)).toMatchObject({ ok: false, error: { state: 'fault' } })
  })
})

describe('the camera that is open', () => {
  it('tells when it is pulled out, also when nobody listened yet, and not when it is closed', async () => {
    const { media, tracks } = browser([GLASS])
    const heard: string[] = []
    for (const how of ['listened', 'late', 'closed']) {
      const opened = await openCamera(undefined, media)
      if (!opened.ok) throw new Error(opened.error.code)
      const track = tracks.at(-1)
      if (how === 'late') track?.end()
      if (how === 'closed') opened.value.close()
      opened.value.onLost(() => heard.push(how))
      if (how === 'listened') track?.end()
      expect(track?.readyState).toBe('ended')
    }
    expect(heard).toEqual(['listened', 'late'])
  })
})
