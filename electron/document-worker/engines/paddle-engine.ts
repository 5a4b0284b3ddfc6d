import type { Box, EngineHints, EngineReading, EngineThresholds, OcrEngine, PixelPage } from '../../../core/document/engine.ts'
import { err, ok } from '../../../core/result/result.ts'
import type { GreyPage } from '../prepare.ts'
import { brightestChannel } from '../prepare.ts'
import { batchesOf } from './batches.ts'
import { commonTilt, findBoxes } from './boxes.ts'
import type { LinePicture } from './crop.ts'
import { cutLine, LINE_HEIGHT_PX, lineTensor, widthInNet } from './crop.ts'
import type { DecodedCharacter } from './ctc.ts'
import { allowedClasses, decode } from './ctc.ts'
import { detectionInput } from './detection-input.ts'
import type { DecodedLine, LevelFrame } from './lines.ts'
import { fromLevel, levelLine } from './lines.ts'
import type { PaddleNets } from './paddle-nets.ts'
import { doubtingPale } from './pale-signs.ts'
import type { Quarters } from './quarter-turn.ts'
import { quarterTurn } from './quarter-turn.ts'
import type { Rectangle } from './rectangle.ts'
import { redChannel } from './red-channel.ts'

/**
 * Longer side of the picture in which lines are looked for. On A4 1280 finds no field more than 960, in twice the time and
 * with 170 MB more. Larger papers keep the resolution of A4 as far as memory allows.
 */
const DETECTION_SIDE_PX = 960
const LARGEST_DETECTION_SIDE_PX = 1280
/** A card is found as well in less than half of the pixels; small pages lose values at 768. */
const CARD_DETECTION_SIDE_PX = 640
const LONGEST_CARD_MM = 100
const A4_LENGTH_MM = 297
const MM_PER_INCH = 25.4

/** A line longer than this many heights is read by its head first; the head is so many heights long. */
const LONG_LINE_HEIGHTS = 16
const HEAD_HEIGHTS = 8
/** A line whose characters have less than this on average is a rule, a seal or a pattern. */
const LEAST_MEAN = 0.5

/** The largest lines tell whether a page stands on its head: these many are read, and worse than this is suspicious. */
const PROBED_LINES = 6
const PROBE_MEAN = 0.75
/** Lines of which the direction net sees the beginning, and its size. */
const DIRECTION_LINES = 12
const DIRECTION_WIDTH_PX = 192

/**
 * Measured on made papers in ten states: nearly all wrong characters stand below these, apart from those that the net drops,
 * which other rules look for. Of the right values 2 % of the texts and 3 % of the dates, amounts and telephone numbers do too.
 */
const THRESHOLDS: EngineThresholds = {
  checked: { mean: 0.8, minimum: 0.5 },
  // 3 was read as 8 with 0.73, 11 as 1 with 0.87, and 5 as 3 with 0.91.
  numeric: { mean: 0.95, minimum: 0.93 },
  // 住 was read as 往 with 0.87.
  text: { mean: 0.95, minimum: 0.9 },
  // 尹 was read as 伊 with 0.90, the rare 翀 as 肿 with 0.94, and the rare 㛃 as 契 with 0.965.
  name: { mean: 0.97, minimum: 0.97 },
  // 27 was read as 2 with 0.99; of the right values a quarter is below, and of those one in fifty is read otherwise the second time.
  again: 0.995,
}

interface LineJob {
  readonly rectangle: Rectangle
  readonly extent: 'whole' | 'head'
}

interface ReadLine extends DecodedLine {
  readonly extent: 'whole' | 'head'
}

/** A page that can be read: as delivered but for quarter turns, with its red channel and where its lines lie. */
interface UprightPage {
  readonly page: PixelPage
  readonly red: GreyPage
  readonly turned: Quarters
  readonly rectangles: readonly Rectangle[]
}

/** The page under work; its lines stand in the order of its rectangles, from top to bottom. */
interface OpenPage extends UprightPage {
  readonly lines: ReadLine[]
  readonly frame: LevelFrame
}

/** PP-OCR on whatever runtime the nets were loaded with. */
export function createPaddleEngine(name: string, nets: PaddleNets): OcrEngine {
  let open: OpenPage | undefined
  /** The page as it was before it was turned. */
  const turnedFrom: PixelPage[] = []

  async function detect(red: GreyPage, dpi: number): Promise<Rectangle[]> {
    const lengthMm = (Math.max(red.width, red.height) / dpi) * MM_PER_INCH
    const side = lengthMm <= LONGEST_CARD_MM ? CARD_DETECTION_SIDE_PX : Math.min(LARGEST_DETECTION_SIDE_PX, Math.round(DETECTION_SIDE_PX * Math.max(1, lengthMm / A4_LENGTH_MM)))
    const { data, width, height } = detectionInput(red, side)
    const answer = await nets.detection.run({ data, dimensions: [1, 3, height, width] })
    return findBoxes({ data: answer.data, width, height }, red.width / width, red.height / height)
  }

  /** Reads lines, several of like width in one run of the net; answers in the order of `jobs`. */
  async function readLines(grey: GreyPage, jobs: readonly LineJob[], onProgress: (share: number) => void = () => undefined, allowed?: Uint8Array): Promise<ReadLine[]> {
    const pictures = jobs.map(({ rectangle, extent }) => cutLine(grey, rectangle, extent === 'head' ? HEAD_HEIGHTS * rectangle.height : rectangle.length))
    const read: ReadLine[] = []
    let done = 0
    for (const { members, width } of batchesOf(pictures.map(widthInNet))) {
      const { data, dimensions } = await nets.recognition.run(lineTensor(members.map((index) => pictures[index] as LinePicture), width))
      const [, steps = 0, classes = 0] = dimensions
      for (const [position, index] of members.entries()) {
        const probabilities = data.subarray(position * steps * classes, (position + 1) * steps * classes)
        read[index] = lineFrom(jobs[index] as LineJob, pictures[index] as LinePicture, probabilities, steps, width / steps, allowed)
      }
      done += members.length
      onProgress(done / jobs.length)
    }
    return read
  }

  function lineFrom({ rectangle, extent }: LineJob, picture: LinePicture, probabilities: Float32Array, steps: number, columnsPerStep: number, allowed: Uint8Array | undefined): ReadLine {
    const found = doubtingPale(picture, decode(probabilities, steps, nets.signs, allowed), columnsPerStep)
    const last = picture.width / columnsPerStep
    // The cut goes through a sign: half of one is read as another.
    const characters = extent === 'head' ? found.filter(({ to }) => to + 2 < last) : found
    return { rectangle, extent, stepPx: (columnsPerStep * rectangle.height) / LINE_HEIGHT_PX, characters: allowed === undefined && meanOf(characters) < LEAST_MEAN ? [] : characters }
  }

  /** Whether more lines stand on their head than on their feet. */
  async function isUpsideDown(red: GreyPage, rectangles: readonly Rectangle[]): Promise<boolean> {
    let votes = 0
    for (const rectangle of largest(rectangles, DIRECTION_LINES)) {
      const beginning = cutLine(red, rectangle, (DIRECTION_WIDTH_PX * rectangle.height) / LINE_HEIGHT_PX)
      const { data } = await nets.direction.run(lineTensor([beginning], DIRECTION_WIDTH_PX))
      votes += (data[0] ?? 0) - (data[1] ?? 0)
    }
    return votes < 0
  }

  /** Finds the lines, and turns the page until they can be read. `probed`: lines that were read on the way. */
  async function upright(page: PixelPage, { dpi, extent }: EngineHints): Promise<{ readonly found: UprightPage; readonly probed: readonly ReadLine[] }> {
    const red = redChannel(page)
    const rectangles = await detect(red, dpi)
    const asItIs: UprightPage = { page, red, turned: 0, rectangles }
    if (rectangles.length === 0) return { found: asItIs, probed: [] }
    const onItsSide = total(rectangles.filter(isStanding)) > total(rectangles) / 2
    let probed: readonly ReadLine[] = []
    if (!onItsSide) {
      probed = await readLines(red, largest(rectangles, PROBED_LINES).map((rectangle) => jobOf(rectangle, extent)))
      const legible = probed.filter(({ characters }) => characters.length > 0)
      if (2 * legible.length >= probed.length && meanOf(legible.flatMap(({ characters }) => characters)) >= PROBE_MEAN) return { found: asItIs, probed }
    }
    const first = onItsSide ? await turnedBy(page, 90, dpi) : asItIs
    if (!(await isUpsideDown(first.red, first.rectangles))) return { found: first, probed: onItsSide ? [] : probed }
    return { found: await turnedBy(page, onItsSide ? 270 : 180, dpi), probed: [] }
  }

  async function turnedBy(page: PixelPage, degrees: Quarters, dpi: number): Promise<UprightPage> {
    const turned = quarterTurn(page, degrees)
    turnedFrom.push(page)
    const red = redChannel(turned)
    return { page: turned, red, turned: degrees, rectangles: await detect(red, dpi) }
  }

  function reading(of: OpenPage): EngineReading {
    return {
      lines: of.lines.map((line) => levelLine(line, line.extent, of.frame)),
      turnedDegrees: of.turned - (of.frame.tilt * 180) / Math.PI,
      width: of.page.width,
      height: of.page.height,
    }
  }

  async function readOf(of: OpenPage, which: readonly number[], extent: EngineHints['extent'], onProgress: (share: number) => void): Promise<void> {
    const lines = await readLines(of.red, which.map((index) => jobOf(of.rectangles[index] as Rectangle, extent)), onProgress)
    for (const [position, index] of which.entries()) of.lines[index] = lines[position] as ReadLine
  }

  function forget(): void {
    open?.red.data.fill(0)
    open?.page.data.fill(0)
    for (const page of turnedFrom.splice(0)) page.data.fill(0)
    open = undefined
  }

  return {
    name,
    thresholds: THRESHOLDS,

    async read(page, hints, onProgress) {
      forget()
      try {
        onProgress('preparing', 0)
        const { found, probed } = await upright(page, hints)
        const frame = { width: found.page.width, height: found.page.height, tilt: commonTilt(found.rectangles) }
        const rectangles = inReadingOrder(found.rectangles)
        open = { ...found, rectangles, lines: [], frame }
        onProgress('recognising', 0)
        for (const line of probed) open.lines[rectangles.indexOf(line.rectangle)] = line
        const { lines } = open
        await readOf(open, [...rectangles.keys()].filter((index) => lines[index] === undefined), hints.extent, (share) => onProgress('recognising', share))
        onProgress('recognising', 1)
        return ok(reading(open))
      } catch {
        return err({ kind: 'engine-failed', code: 'recognise' })
      }
    },

    async complete(lines, onProgress) {
      if (open === undefined) return err({ kind: 'engine-failed', code: 'no-page' })
      try {
        const page = open
        await readOf(page, lines.filter((index) => page.lines[index]?.extent === 'head'), 'whole', onProgress)
        return ok(reading(page))
      } catch {
        return err({ kind: 'engine-failed', code: 'recognise' })
      }
    },

    async readAgain(region, alphabet) {
      if (open === undefined) return err({ kind: 'engine-failed', code: 'no-page' })
      try {
        const { rectangle, part } = otherChannel(open, region)
        const job: LineJob = { rectangle: { ...rectangle, x: rectangle.x - part.left, y: rectangle.y - part.top }, extent: 'whole' }
        const [line] = await readLines(part.grey, [job], undefined, alphabet === undefined ? undefined : allowedClasses(nets.signs, alphabet))
        return ok(line === undefined || line.characters.length === 0 ? undefined : levelLine({ ...line, rectangle }, 'whole', open.frame))
      } catch {
        return err({ kind: 'engine-failed', code: 'recognise-line' })
      }
    },

    forget,

    async close() {
      forget()
      for (const net of [nets.detection, nets.recognition, nets.direction]) await net.release()
    },
  }
}

/** Room around a region that is read again: the net expects its lines with a margin. */
const REGION_MARGIN_HEIGHTS = 0.2

/** The region of the level frame as a rectangle of the picture, and the brightest channel of the part of the picture around it. */
function otherChannel({ page, frame }: OpenPage, region: Box): { readonly rectangle: Rectangle; readonly part: { readonly grey: GreyPage; readonly left: number; readonly top: number } } {
  const margin = REGION_MARGIN_HEIGHTS * (region.bottom - region.top)
  const centre = fromLevel({ x: (region.left + region.right) / 2, y: (region.top + region.bottom) / 2 }, frame)
  const rectangle = { ...centre, length: region.right - region.left + 2 * margin, height: region.bottom - region.top + 2 * margin, angle: frame.tilt }
  const reach = Math.ceil(Math.hypot(rectangle.length, rectangle.height) / 2) + 2
  const left = Math.max(0, Math.floor(centre.x - reach))
  const top = Math.max(0, Math.floor(centre.y - reach))
  const width = Math.max(1, Math.min(page.width, Math.ceil(centre.x + reach)) - left)
  const height = Math.max(1, Math.min(page.height, Math.ceil(centre.y + reach)) - top)
  const data = new Uint8Array(width * height * page.channels)
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * page.width + left) * page.channels
    data.set(page.data.subarray(from, from + width * page.channels), row * width * page.channels)
  }
  return { rectangle, part: { grey: brightestChannel({ width, height, channels: page.channels, data }), left, top } }
}

const jobOf = (rectangle: Rectangle, extent: EngineHints['extent']): LineJob => ({ rectangle, extent: extent === 'heads' && rectangle.length > LONG_LINE_HEIGHTS * rectangle.height ? 'head' : 'whole' })
const isStanding = ({ angle }: Rectangle): boolean => Math.abs(Math.sin(angle)) > Math.SQRT1_2
const total = (rectangles: readonly Rectangle[]): number => rectangles.reduce((sum, { length }) => sum + length, 0)
const largest = (rectangles: readonly Rectangle[], count: number): Rectangle[] => [...rectangles].sort((a, b) => b.length * b.height - a.length * a.height).slice(0, count)
const inReadingOrder = (rectangles: readonly Rectangle[]): Rectangle[] => [...rectangles].sort((a, b) => a.y - b.y || a.x - b.x)

function meanOf(characters: readonly DecodedCharacter[]): number {
  return characters.length === 0 ? 0 : characters.reduce((sum, { confidence }) => sum + confidence, 0) / characters.length
}
