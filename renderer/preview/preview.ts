import '../design/base.css'
import '../design/page.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import type { Snapshot } from '../../core/kiosk-api/snapshot.ts'
import App from '../App.vue'
import type { KioskApi } from '../api.ts'
import { i18n } from '../locales/texts.ts'
import { useKiosk } from '../stores/kiosk.ts'
import { pageFixture, screens, snapshotOf } from './fixtures.ts'

/**
 * One screen with made-up data, for looking at it while working on it: /preview/?screen=form&language=en&theme=contrast-dark
 * &textSize=large&care&low&warning. Commands are only noted (window.commands). Served by the development server, never built.
 */
const query = new URLSearchParams(location.search)
const name = query.get('screen') ?? 'idle'
const commands: unknown[] = []
Object.assign(window, { commands, screenNames: Object.keys(screens) })

let push: (snapshot: Snapshot) => void = () => undefined
let current = snapshotOf(name, {
  language: query.get('language') === 'en' ? 'en' : 'zh-CN',
  textSize: (query.get('textSize') ?? 'standard') as 'standard',
  theme: (query.get('theme') ?? 'standard') as 'standard',
  care: query.has('care'),
  lowReach: query.has('low'),
}, query.has('warning'), innerWidth, innerHeight)

const api: KioskApi = {
  snapshots: async () =>
    (async function* () {
      yield current
      for (;;) yield await new Promise<Snapshot>((resolve) => (push = resolve))
    })(),
  photograph: async () => 'accepted',
  command: async (command) => {
    commands.push(command)
    if (command.type === 'display') {
      const { type: _type, ...change } = command
      current = { ...current, revision: current.revision + 1, now: Date.now(), display: { ...current.display, ...change } }
      push(current)
    }
    return 'accepted'
  },
  page: async () => pageFixture(),
}
const app = createApp(App)
app.use(createPinia())
app.use(i18n)
app.mount('#app')
void useKiosk().follow(api)
