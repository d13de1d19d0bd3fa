import { defineConfig } from '@playwright/test';

/**
 * The suite `app`: both editions in a real Electron with its real sandbox. `node scripts/test.mjs app` sets it up (display,
 * user, runtime); what it hands over comes by the environment.
 */
export default defineConfig({
  testDir: 'test/app',
  testMatch: '**/*.spec.ts',
  outputDir: process.env['STRONGROOM_TEST_OUTPUT'] ?? 'test-results/app',
  timeout: 60_000,
  workers: 1,
  // A window may lose a beat on a machine that other work shares; whoever reads the results is told (scripts/lib/test-report.mjs).
  retries: process.env['CI'] === undefined ? 0 : 1,
  forbidOnly: process.env['CI'] !== undefined,
  reporter: process.env['STRONGROOM_TEST_REPORT'] === undefined ? 'list' : [['list'], ['json', { outputFile: process.env['STRONGROOM_TEST_REPORT'] }]],
});
