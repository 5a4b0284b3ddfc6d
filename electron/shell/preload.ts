import { ipcRenderer } from 'electron'
import type { PageWindow } from './preload-bridge.ts'
import { connectPage } from './preload-bridge.ts'

connectPage(ipcRenderer, window as unknown as PageWindow)
