import type { Result } from '../result/result.ts'
import { err, ok } from '../result/result.ts'
import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'

/** The first place where a text stops being JSON. Line and column are counted from 1, columns in characters as an editor does. */
export interface JsonFault {
  readonly line: number
  readonly column: number
  readonly sentence: LocalText
}

/** Deeper than any file of ours; keeps a hostile text from exhausting the stack. */
const MAX_DEPTH = 100

/**
 * Reads JSON (RFC 8259) written by a person. Unlike `JSON.parse` it says where a mistake is and what should stand there, and
 * it does not let a name that stands twice in one object pass in silence.
 */
export function parseJsonText(source: string): Result<unknown, JsonFault> {
  const reader = new JsonReader(source)
  try {
    return ok(reader.document())
  } catch (fault) {
    if (fault instanceof Stop) return err({ ...position(source, fault.at), sentence: fault.sentence })
    throw fault
  }
}

/** Unwinds the recursion; never leaves this file. */
class Stop extends Error {
  readonly at: number
  readonly sentence: LocalText
  constructor(at: number, sentence: LocalText) {
    super(sentence.en)
    this.at = at
    this.sentence = sentence
  }
}

class JsonReader {
  #at = 0
  readonly #source: string

  constructor(source: string) {
    this.#source = source
  }

  document(): unknown {
    // Editors on Windows put a byte order mark before the text.
    if (this.#source.startsWith('\uFEFF')) this.#at = 1
    this.#space()
    const value = this.#value(0)
    this.#space()
    if (this.#at < this.#source.length) this.#stop(text('文件在这里应当结束，后面多了内容。', 'The file should end here, but something follows.'))
    return value
  }

  #value(depth: number): unknown {
    if (depth > MAX_DEPTH) this.#stop(text('嵌套太深。', 'The nesting is too deep.'))
    const next = this.#source[this.#at]
    switch (next) {
      case '{':
        return this.#object(depth)
      case '[':
        return this.#array(depth)
      case '"':
        return this.#string()
      case undefined:
        return this.#stop(text('文件在这里突然结束，少了一个值。', 'The file ends here although a value should follow.'))
      case "'":
        return this.#stop(text('文字要用双引号 " 括起来，不能用单引号。', 'Text stands in double quotation marks ("), not in single ones.'))
      case '“':
      case '”':
        return this.#stop(text('引号要用英文双引号 "，不能用中文引号。', 'Quotation marks must be straight ("), not curly.'))
      default:
        return this.#word()
    }
  }

  #object(depth: number): Record<string, unknown> {
    const entries = new Map<string, unknown>()
    this.#at += 1
    this.#space()
    if (this.#take('}')) return {}
    for (;;) {
      this.#space()
      const nameAt = this.#at
      if (this.#source[this.#at] !== '"') {
        this.#stop(
          this.#source[this.#at] === '}'
            ? text('最后一项后面不能有逗号。', 'No comma may stand after the last entry.')
            : text('这里应当是用双引号括起来的名称。', 'A name in double quotation marks should stand here.'),
        )
      }
      const name = this.#string()
      if (entries.has(name)) this.#stop(text(`名称“${name}”在同一组里出现了两次。`, `The name "${name}" stands twice in the same object.`), nameAt)
      this.#space()
      if (!this.#take(':')) this.#stop(text('名称后面应当有冒号（英文 :）。', 'A colon (:) should follow the name.'))
      this.#space()
      entries.set(name, this.#value(depth + 1))
      this.#space()
      if (this.#take('}')) return Object.fromEntries(entries)
      if (!this.#take(',')) this.#stop(text('这里应当有逗号（英文 ,）或右花括号 }。', 'A comma (,) or a closing brace (}) should stand here.'))
    }
  }

  #array(depth: number): unknown[] {
    const values: unknown[] = []
    this.#at += 1
    this.#space()
    if (this.#take(']')) return values
    for (;;) {
      this.#space()
      if (this.#source[this.#at] === ']') this.#stop(text('最后一项后面不能有逗号。', 'No comma may stand after the last entry.'))
      values.push(this.#value(depth + 1))
      this.#space()
      if (this.#take(']')) return values
      if (!this.#take(',')) this.#stop(text('这里应当有逗号（英文 ,）或右方括号 ]。', 'A comma (,) or a closing bracket (]) should stand here.'))
    }
  }

  #string(): string {
    const start = this.#at
    this.#at += 1
    for (;;) {
      const next = this.#source[this.#at]
      if (next === undefined || next === '\n' || next === '\r') this.#stop(text('这段文字没有用双引号结束。', 'This text is not closed with a double quotation mark.'), start)
      if (next !== undefined && next < ' ') this.#stop(text('文字里不能直接写制表符等控制字符，请写成 \\t。', 'A control character cannot stand in a text as it is; write \\t for a tab.'))
      if (next === '\\') {
        const escape = /^\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})/.exec(this.#source.slice(this.#at, this.#at + 6))
        if (escape === null) this.#stop(text('反斜杠要写两次（\\\\），例如 C:\\\\kiosk。', 'A backslash must be written twice (\\\\), for example C:\\\\kiosk.'))
        this.#at += escape?.[0].length ?? 1
        continue
      }
      this.#at += 1
      if (next === '"') return JSON.parse(this.#source.slice(start, this.#at)) as string
    }
  }

  #word(): unknown {
    const rest = this.#source.slice(this.#at, this.#at + 400)
    if (rest.startsWith('//') || rest.startsWith('/*') || rest.startsWith('#')) this.#stop(text('JSON 文件里不能写注释。', 'JSON has no comments.'))
    const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/.exec(rest)?.[0]
    if (number !== undefined) {
      this.#at += number.length
      return Number(number)
    }
    const word = /^(true|false|null)(?!\w)/.exec(rest)?.[0]
    if (word !== undefined) {
      this.#at += word.length
      return word === 'null' ? null : word === 'true'
    }
    return this.#stop(text('这里应当是一个值：文字、数字、true、false、null、{ 或 [。', 'A value should stand here: a text, a number, true, false, null, { or [.'))
  }

  #take(character: string): boolean {
    if (this.#source[this.#at] !== character) return false
    this.#at += 1
    return true
  }

  #space(): void {
    while (/^[ \t\r\n]$/.test(this.#source[this.#at] ?? '')) this.#at += 1
  }

  #stop(sentence: LocalText, at = this.#at): never {
    throw new Stop(at, sentence)
  }
}

function position(source: string, at: number): { readonly line: number; readonly column: number } {
  const lines = source.slice(0, at).replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 }
}
