import type { z } from 'zod'

/**
 * A device that exists only as a program and speaks the real bytes of its kind at a real door (a TCP port, an HTTP
 * server, a serial port). All virtual devices have this shape, so that the bench page can show and break any of them
 * without knowing what it is.
 *
 * `Command` is what the bench may ask for (lay a card, empty the feeder, switch a fault on); `State` is plain JSON.
 */
export interface VirtualDevice<Command, State> {
  readonly name: string
  /** Opens the door. Rejects when the port or path cannot be had. */
  start(): Promise<void>
  /** Closes the door and ends every timer; afterwards `start` may be called again. */
  stop(): Promise<void>
  /** Checks a command that came over the wire; the bench never passes on what this refuses. */
  readonly commandSchema: z.ZodType<Command>
  /** Resolves when the command has taken effect. */
  command(command: Command): Promise<void>
  state(): State
  /** Called after each change of `state()`. Returns the function that stops listening. */
  onChange(listener: () => void): () => void
}

/** The listeners of one virtual device. */
export class ChangeListeners {
  readonly #listeners = new Set<() => void>()

  add(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  notify(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}
