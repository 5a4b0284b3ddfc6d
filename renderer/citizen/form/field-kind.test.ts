import { describe, expect, it } from 'vitest'
import { fieldKind } from './field-kind.ts'

describe('the kind of a field', () => {
  it.each([
    [{ type: 'string', enum: ['a', 'b'] }, {}, { kind: 'choice', values: ['a', 'b'] }],
    [{ type: 'array', items: { enum: ['x'] } }, {}, { kind: 'choices', values: ['x'] }],
    [{ type: 'boolean' }, {}, { kind: 'boolean' }],
    [{ type: 'integer', minimum: 1, maximum: 5 }, {}, { kind: 'number', minimum: 1, maximum: 5, step: 1 }],
    [{ type: 'string', format: 'date' }, { keyboard: 'date' }, { kind: 'date', from: undefined, to: undefined }],
    [{ type: 'string', format: 'year-month' }, {}, { kind: 'month', from: undefined, to: undefined }],
  ])('of %j with %j', (schema, options, expected) => {
    expect(fieldKind(schema, options)).toEqual(expected)
  })

  it('takes the keyboard from the options, else from the format, else Chinese', () => {
    expect(fieldKind({ type: 'string' }, { keyboard: 'latin' })).toMatchObject({ keyboard: 'latin', hint: 'general' })
    expect(fieldKind({ type: 'string', format: 'citizen-id' }, {})).toMatchObject({ keyboard: 'id-number' })
    expect(fieldKind({ type: 'string' }, { hint: 'address' })).toMatchObject({ keyboard: 'pinyin', hint: 'address', long: false })
    expect(fieldKind({ type: 'string', maxLength: 300 }, {})).toMatchObject({ long: true })
  })
})
