import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [vue()],
  test: {
    include: ['{core,drivers,electron,renderer,sandbox,tools,tests}/**/*.test.ts'],
    environment: 'node',
    testTimeout: 20_000,
    maxConcurrency: 16,
    hookTimeout: 30_000,
  },
})
