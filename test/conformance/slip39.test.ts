import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toHex } from '../../src/domain/bytes.ts';
import { masterKeyOf } from '../../src/signer/private-derivation.ts';
import { formatExtendedPrivateKey } from '../../src/signer/secrets/extended-private-key.ts';
import { formatSlip39Share, parseSlip39Share } from '../../src/signer/secrets/slip39/share.ts';
import { recoverSlip39 } from '../../src/signer/secrets/slip39/slip39.ts';
import { slowHashesInJavaScript } from '../../src/signer/secrets/slow-hashes.ts';
import { nativeSlowHashes } from '../unit/signer/secrets/native-slow-hashes.ts';

type Vector = readonly [title: string, shares: readonly string[], secret: string, xprv: string];
const file = join(process.env['STRONGROOM_VECTORS'] ?? '../shared/vectors', 'slip39/vectors.json');
const vectors: Vector[] = JSON.parse(readFileSync(file, 'utf8'));
const valid = vectors.filter(([, , secret]) => secret !== '');
const invalid = vectors.filter(([, , secret]) => secret === '');

test('the vectors are there', () => {
  expect([vectors.length, valid.length, invalid.length]).toEqual([45, 15, 30]);
});

test.each(valid)('SLIP-39: recovers %s', async (_, shares, secret, xprv) => {
  const recovered = await recoverSlip39(shares, 'TREZOR', nativeSlowHashes);
  expect(toHex(recovered)).toBe(secret);
  expect(formatExtendedPrivateKey(masterKeyOf(recovered), 'mainnet')).toBe(xprv);
});

test.each(valid)('SLIP-39: writes the same words again: %s', (_, shares) => {
  for (const share of shares) expect(formatSlip39Share(parseSlip39Share(share))).toBe(share);
});

/** What each invalid vector is refused for; exact, so that none passes for a wrong reason. */
const reasons: Readonly<Record<string, string>> = {
  'checksum': 'share.malformed', 'padding': 'share.malformed', 'length': 'share.malformed', 'greater group threshold': 'share.malformed',
  'different identifiers': 'share.mismatch', 'different iteration exponents': 'share.mismatch', 'mismatching': 'share.mismatch', 'duplicate': 'share.mismatch', 'invalid digest': 'share.mismatch',
  'sharing 2-of-3': 'share.too-few', 'nsufficient number': 'share.too-few',
};
const codeOf = (title: string): string => {
  const found = Object.entries(reasons).filter(([part]) => title.includes(part) && !(part === 'length' && title.includes('checksum')));
  return (found.find(([part]) => part !== 'sharing 2-of-3') ?? (found[0] as [string, string]))[1];
};

test.each(invalid)('SLIP-39: refuses %s', async (title, shares) => {
  await expect(recoverSlip39(shares, 'TREZOR', nativeSlowHashes)).rejects.toMatchObject({ code: codeOf(title) });
});

test('SLIP-39: the PBKDF2 in JavaScript gives the same', async () => {
  const [, shares, secret] = valid[0] as Vector;
  expect(toHex(await recoverSlip39(shares, 'TREZOR', slowHashesInJavaScript))).toBe(secret);
});
