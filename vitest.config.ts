import { defineConfig } from 'vitest/config';

/** Every suite but `app` (which Playwright runs in a real Electron). A suite is a folder of test/. */
export const suites = ['unit', 'conformance', 'architecture', 'flow', 'fault', 'attack', 'peers'] as const;

export default defineConfig({
  test: {
    projects: suites.map((name) => ({
      test: { name, include: [`test/${name}/**/*.test.ts`], environment: 'node', testTimeout: name === 'unit' ? 20_000 : 180_000, hookTimeout: 180_000 },
    })),
  },
});
