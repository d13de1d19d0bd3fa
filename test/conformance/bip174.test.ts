import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseBase64, parseHex, toHex } from '../../src/domain/bytes.ts';
import { formatOutpoint } from '../../src/domain/outpoint.ts';
import { decodePsbt } from '../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import { createPsbt } from '../../src/psbt/creator.ts';
import { extractTransaction, requireFinalized } from '../../src/psbt/extractor.ts';
import { mergeOtherFields } from '../../src/psbt/merge-fields.ts';
import { namedReplies } from '../../src/psbt/reply.ts';
import { txidOfHash } from '../../src/psbt/transaction.ts';
import { reviewPsbt } from '../../src/review/review-psbt.ts';
import { contextOf, testWallet } from '../unit/support/psbt-builder.ts';

const folder = process.env.STRONGROOM_VECTORS ?? join(import.meta.dirname, '../../../shared/vectors');
interface Vector { readonly section: string; readonly case: string | null; readonly hex: string; readonly base64: string }
const read = (path: string): Vector[] => JSON.parse(readFileSync(join(folder, path), 'utf8'));
const vectors = read('bip174/bip174_psbt.json');
const inSection = (start: string): Vector[] => vectors.filter((vector) => vector.section.startsWith(start));
const invalid = inSection('The following are invalid PSBTs');
const valid = inSection('The following are valid PSBTs');
const failsSigner = inSection('Fails Signer checks');
const roles = vectors.filter((vector) => ![...invalid, ...valid, ...failsSigner].includes(vector));
const code = (text: string) => expect.objectContaining({ code: text });

describe('BIP174: reading', () => {
  test('all published cases are here', () => {
    expect([invalid.length, valid.length, failsSigner.length, roles.length]).toEqual([20, 10, 4, 11]);
  });

  test.each(invalid)('invalid: $case', ({ hex, base64 }) => {
    expect(() => decodePsbt(parseHex(hex))).toThrow(code('psbt.malformed'));
    expect(toHex(parseBase64(base64))).toBe(hex);
  });

  test.each(valid)('valid, and comes back byte for byte: $case', ({ hex }) => {
    expect(toHex(encodePsbt(decodePsbt(parseHex(hex))))).toBe(hex);
  });

  test.each(roles.filter((vector) => vector.hex.startsWith('70736274')))('role step comes back byte for byte: $section', ({ hex }) => {
    expect(toHex(encodePsbt(decodePsbt(parseHex(hex))))).toBe(hex);
  });
});

describe('BIP174: a signer must refuse', () => {
  const wallet = testWallet(2, 3, 'mainnet');
  const expected: Record<string, string> = {
    'A Witness UTXO is provided for a non-witness input': 'input.legacy-witness-utxo',
    'redeemScript with non-witness UTXO does not match the scriptPubKey': 'input.script-hash',
    'redeemScript with witness UTXO does not match the scriptPubKey': 'input.script-hash',
    'witnessScript with witness UTXO does not match the redeemScript': 'input.script-hash',
  };

  test.each(failsSigner)('$case', (vector) => {
    const review = reviewPsbt(parseHex(vector.hex), contextOf(wallet));
    expect(review.verdict).toBe('refused');
    expect(review.findings.map((finding) => finding.code)).toContain(expected[vector.case as string]);
  });
});

/** Every role step of the standard: what proves it here, or why it does not apply to this version. */
const roleTable = [
  { step: 'Creator', applies: true },
  { step: 'Updater', applies: false, reason: 'inputs of mixed 2-of-2 P2SH and P2SH-P2WSH; wallets here are P2WSH' },
  { step: 'Updater that adds SIGHASH_ALL', applies: false, reason: 'the sighash type is left out, since ALL is the only one that is signed' },
  { step: 'Signer 1', applies: false, reason: 'signs only registered P2WSH wallets' },
  { step: 'Signer 2', applies: false, reason: 'signs only registered P2WSH wallets' },
  { step: 'Combiner', applies: false, reason: 'combines only inputs of a P2WSH wallet, whose signatures it verifies' },
  { step: 'Input Finalizer', applies: false, reason: 'finalizes only P2WSH multisig' },
  { step: 'Transaction Extractor', applies: false, reason: 'its segwit v0 input proves its amount by a witness UTXO only, and what is unproven is not extracted' },
  { step: 'Combiner with unknown fields, first file', applies: true },
  { step: 'Combiner with unknown fields, second file', applies: true },
  { step: 'Combiner that orders keys lexicographically', applies: true },
] as const;

describe('BIP174: roles', () => {
  test('every role step is either proven here or left out for a reason', () => {
    expect(roleTable).toHaveLength(roles.length);
    expect(roleTable.filter((row) => row.applies).map((row) => row.step)).toEqual([
      'Creator', 'Combiner with unknown fields, first file', 'Combiner with unknown fields, second file', 'Combiner that orders keys lexicographically',
    ]);
    for (const row of roleTable) if (!row.applies) expect(row.reason.length).toBeGreaterThan(20);
  });

  test('Creator: the published draft becomes the published PSBT', () => {
    const created = createPsbt({
      inputs: [
        { txid: '75ddabb27b8845f5247975c8a5ba7c6f336c4570708ebe230caf6db5217ae858', vout: 0, sequence: 0xffff_ffff },
        { txid: '1dea7cd05979072a3578cab271c02244ea8a090bbb46aa680a65ecd027048d83', vout: 1, sequence: 0xffff_ffff },
      ],
      outputs: [
        { scriptPubKey: parseHex('0014d85c2b71d0060b09c9886aeb815e50991dda124d'), amountSats: 149_990_000n },
        { scriptPubKey: parseHex('001400aea9a2e5f0f876a588df5546e8742d1d87008f'), amountSats: 100_000_000n },
      ],
      locktime: 0,
    });
    expect(toHex(encodePsbt(created))).toBe(roles[0]?.hex);
  });

  test('Combiner: unknown fields of both files are kept, by rising key', () => {
    const [first, second, combined] = roles.slice(-3).map((vector) => decodePsbt(parseHex(vector.hex)));
    const place = { scope: 'input', index: 0 } as const;
    const replies = namedReplies([first!, second!], [], null);
    const psbt = {
      ...first!,
      globalFields: mergeOtherFields([first!.globalFields, second!.globalFields], place, replies),
      inputs: first!.inputs.map((input, index) => ({ ...input, otherFields: mergeOtherFields([input.otherFields, second!.inputs[index]!.otherFields], place, replies) })),
      outputs: first!.outputs.map((output, index) => ({ ...output, otherFields: mergeOtherFields([output.otherFields, second!.outputs[index]!.otherFields], place, replies) })),
    };
    expect(toHex(encodePsbt(psbt))).toBe(toHex(encodePsbt(combined!)));
    expect(toHex(encodePsbt(combined!))).toBe(roles.at(-1)?.hex);
  });

  test('Extractor: the published final PSBT is recognised as final, and refused since an amount is unproven', () => {
    const final = roles[6];
    const psbt = requireFinalized(decodePsbt(parseHex(final?.hex as string)));
    expect(psbt.transaction.ins.map((input) => formatOutpoint({ txid: txidOfHash(input.hash), vout: input.index }))).toEqual([
      '75ddabb27b8845f5247975c8a5ba7c6f336c4570708ebe230caf6db5217ae858:0', '1dea7cd05979072a3578cab271c02244ea8a090bbb46aa680a65ecd027048d83:1',
    ]);
    expect(() => extractTransaction(psbt)).toThrow(code('psbt.input-unproven'));
  });
});
