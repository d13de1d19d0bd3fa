import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseHex } from '../../../src/domain/bytes.ts';
import { faultOf, MOST_MILLISECONDS } from '../../fuzz/engine/campaign.ts';
import { targetNames } from '../../fuzz/engine/target-names.mjs';
import { targets } from '../../fuzz/targets/targets.ts';

const corpus = join(import.meta.dirname, '../../fuzz/corpus');
const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);
const findings = namesIn(corpus).flatMap((target) => namesIn(join(corpus, target)).map((file) => ({ target, file })));

/** A finding's bytes: hexadecimal in lines, after lines that begin with `#` and say what it was. */
const inputOf = (target: string, file: string): Uint8Array =>
  parseHex(readFileSync(join(corpus, target, file), 'utf8').split('\n').filter((line) => !line.startsWith('#')).join('').trim());

describe('what fuzzing found once', () => {
  test('the corpus holds findings of targets that there are, by their kind, and nothing else', () => {
    expect(findings.filter(({ target, file }) => !targetNames.includes(target) || !/^(throws|wrong|slow|hang|memory|crash)-[a-z0-9-]+\.hex$/.test(file))).toEqual([]);
  });

  test.skipIf(findings.length === 0).each(findings)('stays right: $target, $file', ({ target, file }) => {
    const input = inputOf(target, file);
    const start = performance.now();
    expect(faultOf(targets.find(({ name }) => name === target)!, input)).toBeUndefined();
    // Several times the limit of a run, since other tests compute beside this one.
    expect(performance.now() - start).toBeLessThan(5 * MOST_MILLISECONDS);
  });

  test('the command line knows every target', () => {
    expect(targets.map(({ name }) => name)).toEqual(targetNames);
  });
});
