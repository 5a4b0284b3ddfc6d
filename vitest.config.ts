import vue from '@vitejs/plugin-vue'
import { configDefaults, defineConfig } from 'vitest/config'

/**
 * Tests that start programs, open real ports, devices or a browser, or change the process that they run in: each file in a
 * process of its own. All others only think, and share one.
 */
const ALONE = [
  '{electron,sandbox,tools,tests}/**/*.test.ts',
  'drivers/{device-host,transport}/**/*.test.ts',
  // Starts Chromium.
  'renderer/design/code-keys/code-keys.test.ts',
]

export default defineConfig({
  plugins: [vue()],
  test: {
    environment: 'node',
    pool: 'forks',
    // While one file waits for a device or a program, another one works.
    maxWorkers: 2,
    // Within a file, for tests that say of themselves that they may wait together.
    maxConcurrency: 16,
    // Nets under what hangs. Real programs on a busy machine take long, and no test is judged by the time that it takes.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000, interval: 10 } },
    projects: [
      { extends: true, test: { name: 'alone', include: ALONE, sequence: { groupOrder: 0 } } },
      { extends: true, test: { name: 'together', include: ['{core,drivers,renderer}/**/*.test.ts'], exclude: [...configDefaults.exclude, ...ALONE], isolate: false, sequence: { groupOrder: 1 } } },
    ],
  },
})
