import type { Readable, Writable } from 'node:stream'

/** Where a PIN comes from: a terminal, or whatever was piped in. */
export interface PinInput extends Readable {
  readonly isTTY?: boolean
  setRawMode?(raw: boolean): unknown
}

const ENTER = ['\r', '\n']
const BACKSPACE = ['\u0008', '\u007F']
const CTRL_C = '\u0003'
const CTRL_D = '\u0004'
const MOST_PIPED_BYTES = 1_000

/**
 * One line of a terminal that shows nothing of what is typed. Undefined when it was given up with Ctrl-C or Ctrl-D.
 * @param question is written before it, without a line break
 */
export function askHidden(input: PinInput, output: Writable, question: string): Promise<string | undefined> {
  output.write(question)
  return new Promise((resolve) => {
    let typed = ''
    const end = (answer: string | undefined, rest = ''): void => {
      input.off('data', take)
      input.off('end', gone)
      input.pause()
      input.setRawMode?.(false)
      // What was typed ahead belongs to the next question.
      if (rest !== '') input.unshift(Buffer.from(rest, 'utf8'))
      output.write('\n')
      resolve(answer)
    }
    const take = (data: Buffer): void => {
      const keys = data.toString('utf8')
      for (const [index, key] of [...keys].entries()) {
        if (ENTER.includes(key)) return end(typed, [...keys].slice(index + 1).join(''))
        if (key === CTRL_C || key === CTRL_D) return end(undefined)
        typed = BACKSPACE.includes(key) ? typed.slice(0, -1) : typed + key
      }
    }
    const gone = (): void => end(undefined)
    input.setRawMode?.(true)
    input.on('data', take)
    input.once('end', gone)
    input.resume()
  })
}

/** The one line that was piped in, without its line break. Undefined when there is none, or more than one. */
export async function pipedLine(input: Readable): Promise<string | undefined> {
  let all = ''
  for await (const piece of input) {
    all += String(piece)
    if (all.length > MOST_PIPED_BYTES) return undefined
  }
  const lines = all.split(/\r?\n/).filter((line, index, { length }) => line !== '' || index < length - 1)
  return lines.length === 1 ? lines[0] : undefined
}
