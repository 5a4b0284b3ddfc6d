import '../design/base.css'
import '../design/page.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { REPLACED } from '../../core/kiosk-api/replaced.ts'
import type { DisplaySettings, Snapshot } from '../../core/kiosk-api/snapshot.ts'
import App from '../App.vue'
import type { KioskApi } from '../api.ts'
import { applyLanguage, i18n } from '../locales/texts.ts'
import { useKiosk } from '../stores/kiosk.ts'
import { pageFixture, screens, snapshotOf } from './fixtures.ts'

/**
 * One screen with made-up data, for looking at it while working on it: /preview/?screen=form&language=en&theme=contrast-dark
 * &textSize=large&care&low&warning; `replaced` is the page that another one took over from. Commands are only noted
 * (window.commands), and window.show(name) goes to another screen. Served by the development server, never built.
 */
const query = new URLSearchParams(location.search)
const name = query.get('screen') ?? 'idle'
const commands: unknown[] = []
Object.assign(window, { commands, screenNames: [...Object.keys(screens), 'replaced'], show })

let wake: () => void = () => undefined
const display: DisplaySettings = {
  language: query.get('language') === 'en' ? 'en' : 'zh-CN',
  textSize: (query.get('textSize') ?? 'standard') as 'standard',
  theme: (query.get('theme') ?? 'standard') as 'standard',
  care: query.has('care'),
  lowReach: query.has('low'),
}
const make = (screen: string): Snapshot => snapshotOf(screen, display, query.has('warning'), innerWidth, innerHeight)
let current = make(name)
/** Shows another screen without loading the page again, as a kiosk would. */
function show(screen: string): void {
  current = { ...make(screen), revision: current.revision + 1 }
  wake()
}

const api: KioskApi = {
  snapshots: async () =>
    (async function* () {
      if (name === 'replaced') {
        // It has shown something before, in some language.
        applyLanguage(display.language)
        throw Object.assign(new Error(REPLACED), { code: REPLACED })
      }
      for (let seen = 0; ; ) {
        if (current.revision === seen) await new Promise<void>((resolve) => (wake = resolve))
        else yield ((seen = current.revision), current)
      }
    })(),
  photograph: async () => 'accepted',
  command: async (command) => {
    commands.push(command)
    if (command.type === 'display') {
      const { type: _type, ...change } = command
      current = { ...current, revision: current.revision + 1, now: Date.now(), display: { ...current.display, ...change } }
      wake()
    }
    return 'accepted'
  },
  page: async (id) => pageFixture(id),
}
const app = createApp(App)
app.use(createPinia())
app.use(i18n)
app.mount('#app')
/** Where the real page would load itself anew it only follows anew. */
function follow(): void {
  void useKiosk().follow(api, follow)
}
follow()
