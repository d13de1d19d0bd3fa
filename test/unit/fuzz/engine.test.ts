import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, test } from 'vitest';
import { toHex, utf8 } from '../../../src/domain/bytes.ts';
import { StrongroomError } from '../../../src/errors/strongroom-error.ts';
import { Campaign } from '../../fuzz/engine/campaign.ts';
import type { Fault } from '../../fuzz/engine/fault.ts';
import { instrument } from '../../fuzz/engine/instrument.mjs';
import { pbkdf2 as nativePbkdf2 } from '../../fuzz/engine/native-pbkdf2.ts';
import { minimise } from '../../fuzz/engine/minimise.ts';
import { Random } from '../../fuzz/engine/random.ts';
import { expectThat, unlessRefused, type Target } from '../../fuzz/engine/target.ts';
import { mutateBytes } from '../../fuzz/mutation/bytes.ts';
import { joinFiles, mutatePsbt, splitFiles } from '../../fuzz/mutation/psbt.ts';
import { readShape, writeShape } from '../../fuzz/mutation/psbt-shape.ts';
import { honestPsbts } from '../../fuzz/seeds.ts';

const refusal = (): StrongroomError => new StrongroomError('psbt.malformed', 'no', {}, 'no');

/** A reader with a fault behind four steps, each of which counts its own edge. */
function plantedTarget(counters: Uint8Array, fault: () => void): Target {
  const word = utf8('PSBT');
  return {
    name: 'planted',
    share: 100,
    maxBytes: 64,
    seeds: () => [utf8('hello')],
    mutate: (input, other, random) => mutateBytes(input, other, random),
    run(input) {
      (counters[0] as number) += 1;
      for (const [step, byte] of word.entries()) {
        if (input[step] !== byte) return unlessRefused(() => { throw refusal(); }) !== undefined;
        (counters[step + 1] as number) += 1;
      }
      fault();
      return true;
    },
  };
}

function campaignOf(fault: () => void, seed: number, inputs: number, coverage = true): { readonly faults: Fault[]; readonly given: string[] } {
  const counters = new Uint8Array(8);
  const faults: Fault[] = [];
  const given: string[] = [];
  const campaign = new Campaign({
    targets: [plantedTarget(coverage ? counters : new Uint8Array(8), fault)],
    seed,
    stream: 0,
    counters,
    before: (_target, input) => given.push(toHex(input)),
    found: (found) => faults.push(found),
    wallMs: () => 0,
    processorMs: () => 0,
  });
  const steps = campaign.steps();
  while (given.length < inputs && faults.length === 0) steps.next();
  return { faults, given };
}

describe('the fuzzer', () => {
  test('finds a fault behind four bytes since new branches lead the way, and makes it small', () => {
    const { faults } = campaignOf(() => { throw new TypeError('planted'); }, 1, 400_000);
    expect(faults.map(({ kind, signature, input }) => ({ kind, named: signature.startsWith('TypeError in '), input: toHex(input) }))).toEqual([{ kind: 'throws', named: true, input: toHex(utf8('PSBT')) }]);
  });

  test('does not find it blindly with as many inputs', () => {
    expect(campaignOf(() => { throw new TypeError('planted'); }, 1, 400_000, false).faults).toEqual([]);
  });

  test('finds a broken rule, by the rule\'s own words', () => {
    const { faults } = campaignOf(() => expectThat(false, 'one is two'), 2, 400_000);
    expect(faults.map(({ kind, signature }) => [kind, signature])).toEqual([['wrong', 'one is two']]);
  });

  test('takes a refusal by an error of the catalog for none', () => {
    expect(campaignOf(() => undefined, 3, 2000).faults).toEqual([]);
  });

  test('gives the same inputs for the same seed, and others for another', () => {
    const inputsOf = (seed: number): string => campaignOf(() => undefined, seed, 3000).given.join(' ');
    expect(inputsOf(7)).toBe(inputsOf(7));
    expect(inputsOf(7)).not.toBe(inputsOf(8));
  });

  test('what takes longer than a second of the processor is found', () => {
    const faults: Fault[] = [];
    let clock = 0;
    const counters = new Uint8Array(8);
    const target: Target = { ...plantedTarget(counters, () => undefined), run: () => { clock += 1500; return true; } };
    const campaign = new Campaign({ targets: [target], seed: 1, stream: 0, counters, before: () => undefined, found: (fault) => faults.push(fault), wallMs: () => clock, processorMs: () => clock });
    campaign.steps().next();
    expect(faults.map(({ kind, message }) => [kind, message])).toEqual([['slow', 'took 1500 ms of the processor']]);
  });
});

describe('its parts', () => {
  test('minimising leaves what shows the same, and nothing more', () => {
    const shows = (input: Uint8Array): boolean => Buffer.from(input).includes('ab') && input.includes(0x7a);
    expect(toHex(minimise(utf8('xxxxxxabxxxxxxxxxxxzxxxx'), shows))).toBe(toHex(utf8('abz')));
  });

  test('a PSBT that is taken apart and not changed is written back', () => {
    for (const psbt of honestPsbts) expect(toHex(writeShape(readShape(psbt)))).toBe(toHex(psbt));
    expect(splitFiles(joinFiles(honestPsbts.slice(0, 3))).map(toHex)).toEqual(honestPsbts.slice(0, 3).map(toHex));
  });

  test('mutations are the same for the same state of chance', () => {
    const [a, b] = honestPsbts as [Uint8Array, Uint8Array];
    const made = (): string[] => {
      const random = new Random(5, 1);
      return Array.from({ length: 200 }, () => toHex(mutatePsbt(a, b, random)));
    };
    expect(made()).toEqual(made());
    expect(new Set(made()).size).toBeGreaterThan(150);
  });

  test('the system\'s PBKDF2 in the package\'s place gives the same bytes, also the second time', () => {
    const question = [sha256, utf8('policy'), utf8('salt'), { c: 1000, dkLen: 16 }] as const;
    const answer = toHex(pbkdf2(...question));
    expect([toHex(nativePbkdf2(...question)), toHex(nativePbkdf2(...question))]).toEqual([answer, answer]);
  });

  test('every branch of a module gets a counter, and the module still does what it did', () => {
    const text = [
      'export function f(a, b) {', '  const g = (x) => x ? 1 : 2;', '  if (a) return g(a); else if (b) return b || 7;', '  for (const c of [1]) a = c;',
      '  switch (b) { case 0: a += 1; default: a += 2; }', '  try { if (a) throw 1 } catch { return a ?? 0; }', '  return a && b;', '}',
    ].join('\n');
    let edges = 0;
    const counted = instrument(text, 'f.ts', () => edges++);
    const counters = new Uint8Array(32);
    const made = new Function('__edges', `${counted.replace('export ', '')}; return f;`)(counters) as (a: unknown, b: unknown) => unknown;
    const plain = new Function(`${text.replace('export ', '')}; return f;`)() as typeof made;
    const cases = [[1, 2], [0, 3], [0, 0], ['', ''], [null, 5]] as const;
    expect(cases.map(([a, b]) => made(a, b))).toEqual(cases.map(([a, b]) => plain(a, b)));
    // Not taken: g's second way, what stands after || and ?? and &&, and the way round a throw that always happens.
    expect([...counters.subarray(0, edges)].map((count) => (count > 0 ? 1 : 0)).join('')).toBe('11101110111110100');
  });
});
