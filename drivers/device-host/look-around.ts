/**
 * A process that says once what is attached to this machine, and ends. Apart from the device host it is the only program
 * that loads native bindings: a broken one takes nobody else with it.
 */
import { lookAround } from '../transport/attached.ts'

const seen = await lookAround()
// Some bindings keep a thread for hot-plug events; what was to be said has been said.
if (process.send !== undefined) process.send(seen, undefined, undefined, () => process.exit(0))
else process.stdout.write(`${JSON.stringify(seen, null, 2)}\n`, () => process.exit(0))
