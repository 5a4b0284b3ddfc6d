import { describe, expect, it } from 'vitest'
import { formPages, mergeIncoming } from './form-pages.ts'

function group(name: string, fields: readonly string[], rule?: object) {
  return { type: 'Group', i18n: name, elements: fields.map((field) => ({ type: 'Control', scope: `#/properties/${field}` })), ...(rule === undefined ? {} : { rule }) }
}
const properties = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => [name, { type: 'string' }]))
const schema = { type: 'object', properties }
const onlyWithA = { effect: 'SHOW', condition: { scope: '#/properties/a', schema: { const: 'yes' }, failWhenUndefined: true } }
const form = { schema, uischema: { type: 'VerticalLayout', elements: [group('one', ['a', 'b']), group('two', ['c'], onlyWithA), group('three', ['d', 'e', 'f', 'g'])] } }

describe('the pages of a form', () => {
  it('puts small groups together and begins a new page when it would become too full', () => {
    expect(formPages(form, { a: 'yes' }, false).map(({ pointers }) => pointers)).toEqual([['/a', '/b', '/c'], ['/d', '/e', '/f', '/g']])
  })

  it('leaves out groups that are not shown', () => {
    expect(formPages(form, {}, false).map(({ pointers }) => pointers)).toEqual([['/a', '/b'], ['/d', '/e', '/f', '/g']])
  })

  it('shows one group at a time in care mode', () => {
    expect(formPages(form, { a: 'yes' }, true).map(({ pointers }) => pointers)).toEqual([['/a', '/b'], ['/c'], ['/d', '/e', '/f', '/g']])
  })

  it('keeps a form without groups on one page', () => {
    const plain = { schema, uischema: { type: 'VerticalLayout', elements: [{ type: 'Control', scope: '#/properties/a' }] } }
    expect(formPages(plain, {}, false)).toEqual([{ uischema: plain.uischema, pointers: ['/a'] }])
  })
})

describe('data that the kiosk sends while somebody types', () => {
  it('keeps what was typed since, and takes everything else', () => {
    expect(mergeIncoming({ a: 'typed on', b: 'old' }, { a: 'typed', b: 'old' }, { a: 'typed', b: 'new', c: 'scanned' })).toEqual({ a: 'typed on', b: 'new', c: 'scanned' })
  })

  it('keeps that something was deleted', () => {
    expect(mergeIncoming({}, { a: 'typed' }, { a: 'typed' })).toEqual({})
  })
})
