import { defineConfig } from '@playwright/test'

/** End-to-end tests: the real `npm start` without its window, and Chromium as the kiosk's page. No retries: a flaky test is a bug. */
export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '*.spec.ts',
  outputDir: 'out/test/e2e',
  fullyParallel: false,
  workers: 1,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: 'out/test/playwright.json' }]],
})
