import { expect, test } from 'vitest';
import { knownFileKind } from '../../../src/domain/known-file.ts';

test.each([
  ['pay-2026-11-22-3f9a.cold.unsigned.psbt', 'psbt'], ['PAY.PSBT', 'psbt'], ['pay-2026-11-22-3f9a.cold.tx', 'transaction'],
  ['treasury.wallet.json', 'wallet'], ['treasury.descriptor.txt', 'wallet'], ['treasury.coldcard.txt', 'wallet'], ['treasury.bsms', 'wallet'], ['treasury.electrum', 'wallet'], ['treasury.ur.txt', 'wallet'],
  ['treasury.registration-73c5da0a.json', 'registration'],
  ['alice-73c5da0a.key-record.txt', 'key-record'], ['alice-73c5da0a.key-record.bsms', 'key-record'], ['alice-73c5da0a.key-record.ur.txt', 'key-record'], ['ccxp-73C5DA0A.json', 'key-record'],
  ['alice-73c5da0a.key.age', 'key'], ['november.csv', 'payments'],
])('%s is known as %s', (name, kind) => expect(knownFileKind(name)).toBe(kind));

test.each(['notes.txt', 'photo.jpg', '.hidden.psbt', 'pay.psbt.exe', 'autorun.inf', 'pay.psbt.lnk', 'wallet.json', 'a\u202etbsp.psbt', ''])('%s is not shown', (name) => expect(knownFileKind(name)).toBeNull());
