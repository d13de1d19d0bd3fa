/**
 * What Stryker is told.
 * @param {{ readonly files: readonly string[], readonly pass: 'quick' | 'whole' }} asked which files are changed; in the quick pass only where it
 * shows after the tests were loaded
 */
export const optionsFor = ({ files, pass }) => ({
  testRunner: 'bundle',
  plugins: [import.meta.resolve('./runner.mjs'), import.meta.resolve('./wording.mjs')],
  ignorers: ['wording'],
  mutate: [...files],
  coverageAnalysis: 'perTest',
  ignoreStatic: pass === 'quick',
  concurrency: 2,
  // The runner ends what takes too much processor time; by the clock nothing is ended on a busy machine.
  timeoutMS: 900_000,
  timeoutFactor: 4,
  dryRunTimeoutMinutes: 60,
  disableTypeChecks: true,
  ignorePatterns: ['dist', 'release', '.cache', 'docs', 'assets', 'electron', 'renderer', 'test-results'],
  reporters: ['json', 'progress-append-only'],
  jsonReporter: { fileName: 'test-results/mutation/report.json' },
  tempDirName: '.cache/mutation',
  incremental: true,
  incrementalFile: 'test-results/mutation/known.json',
  warnings: { slow: false },
});
