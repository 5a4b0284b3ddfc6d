import { ipcRenderer } from 'electron'
import { connectPage } from './preload-bridge.ts'

connectPage(ipcRenderer, window)
