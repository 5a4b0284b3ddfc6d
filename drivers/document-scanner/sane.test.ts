import { describe, expect, it } from 'vitest'
import { findDevice, parseOptions, planSane, progressIn, scanErrorInWords, scanErrorOfExit } from './sane.ts'

/** As `scanimage -A` prints them for scanners of several makers. */
const TEST_SCANNER = `
All options specific to device \`test:0':
  Scan Mode:
    --mode Gray|Color [Gray]
        Selects the scan mode (e.g., lineart, monochrome, or color).
    --three-pass-order RGB|RBG|GBR|GRB|BRG|BGR [inactive]
    --hand-scanner[=(yes|no)] [no]
    --resolution 1..1200dpi (in steps of 1) [50]
    --source Flatbed|Automatic Document Feeder [Flatbed]
  Geometry:
    -l 0..200mm (in steps of 1) [0]
    -t 0..200mm (in steps of 1) [0]
    -x 0..200mm (in steps of 1) [80]
    -y 0..200mm (in steps of 1) [100]
`
const DUPLEX_FEEDER = `
  Standard:
    --source ADF Front|ADF Back|ADF Duplex [ADF Front]
    --mode Lineart|Gray|Color [Lineart]
    --resolution 100|150|200|240|400|600dpi [150]
  Geometry:
    -l 0..224.846mm (in steps of 0.0211639) [0]
    -x 0..224.846mm (in quants of 0.0211639) [215.872]
    -y 0..863.489mm (in quants of 0.0211639) [279.364]
`
const CAMERA_LIKE = '    --mode Color [Color]\n    -x 0..148mm [148]\n    -y 0..210mm [210]\n'

describe('what is asked of a scanner', () => {
  it('is its glass or its feeder by its own name, colour, 300 dpi, A4 within what it can', () => {
    const options = parseOptions(TEST_SCANNER)
    expect(planSane(options, 'platen', 300)).toEqual({ dpi: 300, args: ['--source', 'Flatbed', '--mode', 'Color', '--resolution', '300', '-l', '0', '-x', '200', '-t', '0', '-y', '200'] })
    expect(planSane(options, 'feeder', 300)?.args.slice(0, 2)).toEqual(['--source', 'Automatic Document Feeder'])
    expect([...options.keys()]).not.toContain('--three-pass-order')
  })

  it('is one side of a feeder with two, and the next resolution above', () => {
    const options = parseOptions(DUPLEX_FEEDER)
    expect(planSane(options, 'feeder', 300)).toEqual({ dpi: 400, args: ['--source', 'ADF Front', '--mode', 'Color', '--resolution', '400', '-l', '0', '-x', '210', '-y', '297'] })
    // It has no glass, and is not asked for one.
    expect(planSane(options, 'platen', 300)).toBeUndefined()
  })

  it('is what there is where nothing can be chosen', () => {
    const options = parseOptions(CAMERA_LIKE)
    expect(planSane(options, 'platen', 300)).toEqual({ dpi: 300, args: ['--mode', 'Color', '-x', '148', '-y', '210'] })
    expect(planSane(options, 'feeder', 300)).toBeUndefined()
    expect(planSane(parseOptions(''), 'platen', 300)).toEqual({ dpi: 300, args: [] })
  })
})

it.each([['Progress: 42.0%', 42], ['Progress: 1.0%\rProgress: 2.5%\r', 2.5], ['Progress: 100.0%\n', 100], ['Progress: 4', undefined], ['nothing', undefined], ['Progress: 999%', undefined]])('%j is %s percent', (text, percent) => {
  expect(progressIn(text)).toBe(percent)
})

describe('an end before the scan began', () => {
  it.each([
    ['scanimage: open of device x failed: Device busy', { kind: 'busy', code: 'sane-open-busy' }],
    ['scanimage: open of device x failed: Access to resource has been denied', { kind: 'fault', code: 'sane-11' }],
    ['scanimage: open of device x failed: Invalid argument', { kind: 'scanner-gone', code: 'sane-open' }],
    ['scanimage: sane_read: Operation not supported', { kind: 'fault', code: 'sane-1' }],
    ["scanimage: unrecognized option '--mode'", { kind: 'fault', code: 'sane-option' }],
  ])('%s', (words, error) => {
    expect(scanErrorOfExit(1, words)).toEqual(error)
  })
  it('is the only one whose words count', () => {
    expect(scanErrorOfExit(6, 'Device busy')).toEqual({ kind: 'jam' })
  })
})

describe('an end that was told by a program which then hung', () => {
  it.each([
    ['Progress: 0.0%\rscanimage: sane_read: Document feeder jammed\n', { kind: 'jam' }],
    ['scanimage: sane_start: Document feeder out of documents\n', { kind: 'feeder-empty' }],
    ['Progress: 12.5%\rscanimage: sane_read: Scanner cover is open\nScanned page 1. (scanner status = 8)\n', { kind: 'cover-open' }],
    ['/usr/bin/scanimage: sane_read: Operation was canceled\n', { kind: 'cancelled' }],
    ['scanimage: sane_start: Device busy\n', { kind: 'busy', code: 'sane-3' }],
    ['scanimage: sane_read: Operation not supported\n', { kind: 'fault', code: 'sane-1' }],
    ['scanimage: sane_read: Invalid argument\n', { kind: 'fault', code: 'sane-4' }],
    ['scanimage: sane_read: End of file reached\n', { kind: 'fault', code: 'sane-5' }],
    ['scanimage: sane_read: Error during device I/O\n', { kind: 'fault', code: 'sane-9' }],
    ['scanimage: sane_read: Out of memory\n', { kind: 'fault', code: 'sane-10' }],
    ['scanimage: sane_read: Access to resource has been denied\n', { kind: 'fault', code: 'sane-11' }],
  ])('%j', (words, error) => {
    expect(scanErrorInWords(words)).toEqual(error)
  })
  it.each(['', 'Progress: 50.0%\r', 'scanimage: sane_read: Scanner cov', 'scanimage: sane_read: unknown\n', 'Scanner cover is open\n'])('%j tells none', (words) => {
    expect(scanErrorInWords(words)).toBeUndefined()
  })
})

it.each([
  ['the same name', ['a:1', 'genesys:libusb:001:004'], 'genesys:libusb:001:004', 'genesys:libusb:001:004'],
  ['another place on the bus', ['genesys:libusb:001:007', 'pixma:04A9'], 'genesys:libusb:001:004', 'genesys:libusb:001:007'],
  ['two of a kind, neither where it was', ['genesys:libusb:001:007', 'genesys:libusb:001:008'], 'genesys:libusb:001:004', undefined],
  ['a name that carries no place', ['pixma:04A9_B'], 'pixma:04A9_A', undefined],
  ['nothing', [], 'test:0', undefined],
])('a scanner is found under %s', (_what, listed, configured, now) => {
  expect(findDevice(listed, configured)).toBe(now)
})
