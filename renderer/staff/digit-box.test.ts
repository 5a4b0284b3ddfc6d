import { describe, expect, it } from 'vitest'
import { wipePage } from '../stores/wipe.ts'
import { createDigitBox } from './digit-box.ts'

function filled(digits: string, limit = 12) {
  const box = createDigitBox(limit)
  for (const digit of digits) box.press(digit)
  return box
}

describe('a box of digits', () => {
  it('takes digits up to its limit and nothing else', () => {
    const box = filled('12a3 4567', 5)
    expect(box.shown.value).toBe('12345')
    expect(box.count.value).toBe(5)
    box.close()
  })

  it('deletes one', () => {
    const box = filled('1234')
    box.erase()
    expect(box.shown.value).toBe('123')
    box.close()
  })

  it('gives its digits away once, and then holds none', () => {
    const box = filled('860421')
    expect(box.take()).toBe('860421')
    expect(box.count.value).toBe(0)
    expect(box.take()).toBe('')
    box.close()
  })

  it('forgets when it is cleared, when the page is wiped, and when its screen goes', () => {
    const box = filled('860421')
    box.clear()
    expect(box.shown.value).toBe('')
    for (const digit of '1234') box.press(digit)
    wipePage()
    expect(box.count.value).toBe(0)
    for (const digit of '1234') box.press(digit)
    box.close()
    expect(box.count.value).toBe(0)
  })

  it('takes its wiper back when its screen goes', () => {
    const box = filled('1')
    box.close()
    box.press('7')
    wipePage()
    expect(box.shown.value).toBe('7')
  })
})
