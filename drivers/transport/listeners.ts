import type { TransportError } from './transport.ts'

/** The two kinds of listeners that every transport has, with the rule that the end is told once and never after `close()`. */
export class TransportListeners {
  readonly #data = new Set<(chunk: Uint8Array) => void>()
  readonly #end = new Set<(error: TransportError) => void>()
  #discarding = 0
  #over = false

  get isOver(): boolean {
    return this.#over
  }

  onData(listener: (chunk: Uint8Array) => void): () => void {
    this.#data.add(listener)
    return () => {
      this.#data.delete(listener)
    }
  }

  onEnd(listener: (error: TransportError) => void): () => void {
    this.#end.add(listener)
    return () => {
      this.#end.delete(listener)
    }
  }

  data(chunk: Uint8Array): void {
    if (this.#over || this.#discarding > 0) return
    for (const listener of [...this.#data]) listener(chunk)
  }

  /** Tells the end; what comes after it is ignored. */
  end(error: TransportError): void {
    if (this.#over) return
    this.#over = true
    for (const listener of [...this.#end]) listener(error)
  }

  /** The owner closed by itself: nobody is told. */
  silence(): void {
    this.#over = true
  }

  /** While `work` runs, everything that comes in is thrown away. */
  async discardDuring(work: () => Promise<void>): Promise<void> {
    this.#discarding += 1
    try {
      await work()
    } finally {
      this.#discarding -= 1
    }
  }
}
