import '@fontsource-variable/noto-sans-sc/index.css'
import './bench.css'
import { createApp } from 'vue'
import App from './App.vue'

createApp(App).mount('#bench')
