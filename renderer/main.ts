import './design/base.css'
import './design/page.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { z } from 'zod'
import App from './App.vue'
import { awaitMessagePort, connectMessagePort, connectWebSocket, isPageHost } from './api.ts'
import type { KioskApi } from './api.ts'
import { i18n } from './locales/texts.ts'
import { reloadWhenServed } from './reload.ts'
import { useKiosk } from './stores/kiosk.ts'

// zod tries to compile schemas with `new Function`, which the page's policy forbids.
z.config({ jitless: true })

const app = createApp(App)
app.config.errorHandler = (error) => {
  // A screen that broke may show half a truth: the page starts anew, and the kiosk ends or resumes the session.
  console.error('the page starts anew after an error:', error instanceof Error ? error.name : typeof error)
  // A new start would take the terminal back from the page that is in charge now.
  if (kiosk.connection !== 'replaced') void reloadWhenServed()
}
app.use(createPinia())
app.use(i18n)
const kiosk = useKiosk()
app.mount('#app')

const startAnew = (): void => window.location.reload()

/** Follows until the kiosk is gone; then the page starts anew as soon as somebody serves it. */
async function follow(api: KioskApi): Promise<void> {
  await kiosk.follow(api, startAnew)
  if (kiosk.connection === 'lost') await reloadWhenServed()
}

if (isPageHost()) void follow(connectWebSocket())
else awaitMessagePort((port) => void follow(connectMessagePort(port)))
