/** The worst files that are taken: what one costs in memory and in the processor's time, each read in a process of its own. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { hostileNames } from '../support/hostile-files.ts';

const MOST_MIB = 512;
/** On an idle machine each takes about a second at most; what is signed too, two and a half. */
const MOST_PROCESSOR_MS = 4_000;

interface Cost {
  readonly outcome: string;
  readonly processorMs: number;
  readonly peakMiB: number;
}

describe(`files under 16 MiB take less than ${MOST_MIB} MiB, all told`, () => {
  test.each(hostileNames.map((name) => [name] as const))('%s', (name) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', fileURLToPath(new URL('../bench/hostile-files.ts', import.meta.url)), name], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    const cost = JSON.parse(stdout) as Cost;
    console.info(`${name}: ${cost.outcome}; ${cost.processorMs} ms of processor time, ${cost.peakMiB} MiB`);
    expect(cost.outcome).toMatch(/^(refused|judgement|psbt\.too-large)/);
    expect(cost.peakMiB).toBeLessThan(MOST_MIB);
    expect(cost.processorMs).toBeLessThan(MOST_PROCESSOR_MS);
  });
});
