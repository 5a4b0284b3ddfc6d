import { computed, ref, shallowRef } from 'vue'
import type { LocalText } from '../../../core/text/local-text.ts'
import type { BenchState, Commands, Order, ThingName } from './things.ts'
import { words } from './words.ts'

const RETRY_MS = 2000

/** A command that was not taken, with the reason as the bench server gave it. */
export interface Refused {
  readonly thing: ThingName
  readonly reason: LocalText
}

const state = shallowRef<BenchState>()
const joined = ref(false)
const refused = shallowRef<Refused>()

/** Follows the bench for as long as the page lives, whatever happens to the connection. */
export function follow(): void {
  const source = new EventSource('./api/events')
  source.addEventListener('message', (message) => {
    state.value = JSON.parse(message.data as string) as BenchState
    joined.value = true
  })
  source.addEventListener('error', () => {
    joined.value = false
    // The browser tries again by itself only after some kinds of end.
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, RETRY_MS)
  })
}

async function post({ thing, command }: Order): Promise<boolean> {
  try {
    const answer = await fetch(`./api/things/${thing}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(command) })
    if (answer.ok) return true
    const reason = shortReason(await answer.text())
    refused.value = { thing, reason: words(`没有照办（${answer.status}）：${reason}`, `Not done (${answer.status}): ${reason}`) }
  } catch {
    refused.value = { thing, reason: words('没有送到：设备台的服务没有回答。', 'Not delivered: the bench’s server does not answer.') }
  }
  return false
}

/** A schema's refusal is a list of issues as JSON; people want its messages. */
function shortReason(text: string): string {
  try {
    const issues = JSON.parse(text) as readonly { readonly path: readonly (string | number)[]; readonly message: string }[]
    return issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message)).join('; ')
  } catch {
    return text
  }
}

/** The bench as it is now, and the one way to do something to it. */
export function useBench() {
  async function send<Name extends ThingName>(thing: Name, command: Commands[Name]): Promise<void> {
    if (await post({ thing, command } as unknown as Order)) refused.value = undefined
  }
  /** One after the other; the first that is refused ends the row. */
  async function sendAll(orders: readonly Order[]): Promise<void> {
    for (const order of orders) if (!(await post(order))) return
    refused.value = undefined
  }
  return {
    state: computed(() => state.value),
    joined: computed(() => joined.value),
    refused: computed(() => refused.value),
    send,
    sendAll,
    forgive: (): void => {
      refused.value = undefined
    },
  }
}
