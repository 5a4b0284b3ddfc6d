/** A page to try the keyboard on, on the development server only: `/design/keyboard/demo.html`. */
import { createApp } from 'vue'
import '../base.css'
import KeyboardDemo from './KeyboardDemo.vue'

createApp(KeyboardDemo).mount('#app')
