import { defineConfig } from '@playwright/test'

/** End-to-end tests: the real `npm start` without its window, and Chromium as the kiosk's page. No retries: a flaky test is a bug. */
export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '*.spec.ts',
  outputDir: 'out/test/e2e',
  fullyParallel: false,
  // Each with a world, a kiosk and a browser of its own: while one waits for paper, a card or a time limit, the other works.
  workers: 2,
  retries: 0,
  // Far above what anything takes: a busy machine may be slow, and a test that hangs still ends.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['json', { outputFile: 'out/test/playwright.json' }]],
})
