import { expect, test } from 'vitest';
import { rehearsalFaults } from '../../../../src/host/drill-wire.ts';
import { attemptRestore, scratchKeyFrom, type ScratchKey } from '../../../../src/signer/drills/restore-attempt.ts';
import { PRACTICE, PracticeKeys, type PracticeKey } from '../../../../src/signer/drills/practice-key.ts';
import { trialsOf } from '../../../../src/signer/drills/planted-faults.ts';
import { compareTrials, rehearse } from '../../../../src/signer/drills/rehearsal.ts';
import { ANOTHER_KEY, PASSED } from '../../../../src/signer/drills/trial.ts';
import type { KeptSecret } from '../../../../src/signer/kept-secret.ts';
import { StrongroomError } from '../../../../src/errors/strongroom-error.ts';
import { bytesOf, isZero, rehearsalTools } from './drill-fixtures.ts';

const predictions: Readonly<Record<(typeof rehearsalFaults)[number], string>> = {
  none: [PASSED, PASSED, PASSED, PASSED, PASSED].join('; '),
  'missing-page': 'mnemonic.malformed; wallet.checksum',
  'missing-share': 'share.too-few; share.too-few',
  'wrong-share': 'share.malformed; share.malformed',
  'share-of-another-set': `share.mismatch; share.mismatch; ${ANOTHER_KEY}`,
  'smudged-word': `mnemonic.malformed; mnemonic.malformed; ${ANOTHER_KEY}`,
  'swapped-words': `mnemonic.malformed; ${ANOTHER_KEY}`,
  'wrong-passphrase': `${ANOTHER_KEY}; ${ANOTHER_KEY}; key.passphrase-wrong`,
  'damaged-backup': 'key.file-malformed; key.file-malformed',
  'another-key': `${ANOTHER_KEY}; ${ANOTHER_KEY}`,
};

test.each(rehearsalFaults)('%s ends as predicted, whatever key is drawn', async (fault) => {
  for (const draw of ['a', 'b', 'c']) {
    expect(await rehearse(fault, rehearsalTools(`${fault} ${draw}`))).toMatchObject({ fault, predicted: predictions[fault], happened: predictions[fault], asPredicted: true });
  }
});

test.each(rehearsalFaults)('a prediction of %s that is wrong in one trial is noticed', async (fault) => {
  const tools = rehearsalTools(fault);
  const count = predictions[fault].split('; ').length;
  for (let broken = 0; broken < count; broken += 1) {
    const keys = new PracticeKeys(tools.random);
    const trials = (await trialsOf(fault, keys, tools)).map((trial, index) => (index === broken ? { ...trial, predicted: 'something else' } : trial));
    expect(await compareTrials(fault, trials)).toMatchObject({ asPredicted: false, happened: predictions[fault] });
    keys.wipe();
  }
});

/** A restore that is too kind: it brings the right key back whatever is on the paper. */
async function withKindRestore(fault: (typeof rehearsalFaults)[number]): Promise<string> {
  const tools = rehearsalTools(fault);
  const keys = new PracticeKeys(tools.random);
  const made: PracticeKey[] = [];
  const keep = <K extends PracticeKey>(key: K): K => {
    made.push(key);
    return key;
  };
  const right = async (): Promise<ScratchKey> => scratchKeyFrom(Promise.resolve(copyOf(made[0]!.secret)), PRACTICE);
  const watchedKeys = { mnemonic: (...order: Parameters<PracticeKeys['mnemonic']>) => keep(keys.mnemonic(...order)), seed: (...order: Parameters<PracticeKeys['seed']>) => keep(keys.seed(...order)) };
  const trials = await trialsOf(fault, watchedKeys as PracticeKeys, { ...tools, fromPaper: right, fromBackup: right });
  return (await compareTrials(fault, trials.slice(0, 1))).happened;
}
const copyOf = (secret: KeptSecret): KeptSecret => (secret.kind === 'mnemonic' ? { ...secret, entropy: Uint8Array.from(secret.entropy) } : secret.kind === 'seed' ? { ...secret, seed: Uint8Array.from(secret.seed) } : secret);

test.each(rehearsalFaults.filter((fault) => fault !== 'none'))('a restore that overlooks %s is found out', async (fault) => {
  expect(await withKindRestore(fault)).toBe(PASSED);
  expect(predictions[fault].startsWith(PASSED)).toBe(false);
});

test('a restore that works for nobody is found out without a fault', async () => {
  const refuse = (): Promise<ScratchKey> => Promise.reject(new StrongroomError('secret.unknown', '', {}, ''));
  expect(await rehearse('none', rehearsalTools('x', { fromPaper: refuse, fromBackup: refuse }))).toMatchObject({ asPredicted: false, happened: Array(5).fill('secret.unknown').join('; ') });
});

test('a rehearsal in which nothing was tried shows nothing', async () => {
  expect(await compareTrials('none', [])).toMatchObject({ asPredicted: false });
});

test('the throw-away keys are wiped, after a fault of the program too', async () => {
  const secrets: KeptSecret[] = [];
  const tools = rehearsalTools('wiped', {
    fromPaper: async () => {
      throw new RangeError('broken');
    },
  });
  const random = (length: number): Uint8Array => {
    const bytes = tools.random(length);
    if (length === 32) secrets.push({ kind: 'mnemonic', language: 'english', entropy: bytes, bip39Passphrase: '' });
    return bytes;
  };
  await expect(rehearse('smudged-word', { ...tools, random })).rejects.toThrow(RangeError);
  expect(secrets).toHaveLength(1);
  expect(secrets.every((secret) => isZero(bytesOf(secret)))).toBe(true);
});

test('a practice key is a whole key: its own drill is passed by its own secret', async () => {
  const keys = new PracticeKeys(rehearsalTools('own').random);
  const key = keys.seed('slip39');
  expect(await attemptRestore(key.subject, () => scratchKeyFrom(Promise.resolve(copyOf(key.secret)), PRACTICE))).toMatchObject({ isPassed: true });
  keys.wipe();
  expect(isZero(key.secret.seed)).toBe(true);
});
