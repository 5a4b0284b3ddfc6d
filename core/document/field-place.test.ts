import { expect, it } from 'vitest'
import { placeToShow } from './field-place.ts'
import type { FieldReading } from './reading.ts'

/** In hundredths, so that sums of fractions compare. */
const hundredths = (place: ReturnType<typeof placeToShow>): readonly number[] => (['left', 'top', 'width', 'height'] as const).flatMap((side) => (place === undefined ? [] : [Math.round(place[side] * 100)]))
const picture = { width: 1000, height: 500 }
const reading: FieldReading = { field: 'name', value: '周桂兰', state: 'sure', confidence: 1, box: { left: 100, top: 100, right: 300, bottom: 150 } }

it('a name is always shown with its place, another value only in doubt', () => {
  expect(hundredths(placeToShow(reading, 'name', picture))).toEqual([7, 14, 26, 22])
  expect(placeToShow(reading, 'text', picture)).toBeUndefined()
  expect(hundredths(placeToShow({ ...reading, state: 'unsure', why: 'low-confidence' }, 'text', picture))).toEqual([7, 14, 26, 22])
})

it('a place at the edge ends with the picture', () => {
  expect(placeToShow({ ...reading, box: { left: 0, top: 0, right: 1000, bottom: 490 } }, 'name', picture)).toEqual({ left: 0, top: 0, width: 1, height: 1, lines: 1 })
})

it('paper around several lines is measured by one of them', () => {
  expect(placeToShow({ ...reading, lines: 2 }, 'name', picture)).toMatchObject({ left: 0.085, lines: 2 })
})

it('nothing is shown of what was not found', () => {
  expect(placeToShow({ field: 'name', value: '', state: 'missing', why: 'not-found', confidence: 0 }, 'name', picture)).toBeUndefined()
  expect(placeToShow(undefined, 'name', picture)).toBeUndefined()
})
