/** Wallets of taproot: what their inputs and outputs may state, which signatures count, and what a finding says. */
import { describe, expect, test } from 'vitest';
import { concat, parseHex, toHex } from '../../../src/domain/bytes.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import type { KeyValue, Psbt, PsbtInput, PsbtOutput } from '../../../src/psbt/psbt.ts';
import { leafSignaturesOf, tapKeySignatureOf, withLeafSignatures, withTapKeySignature } from '../../../src/psbt/taproot-fields.ts';
import { reviewPsbt, type ReviewContext } from '../../../src/review/review-psbt.ts';
import { contextOf, honestPsbt, signedAs, testWallet } from '../support/psbt-builder.ts';

const single = testWallet(1, 1, 'regtest', 1, 'p2tr');
const quorum = testWallet(2, 3, 'regtest', 1, 'p2tr-multi');
const withInput = (psbt: Psbt, index: number, change: (input: PsbtInput) => PsbtInput): Psbt => ({ ...psbt, inputs: psbt.inputs.map((input, at) => (at === index ? change(input) : input)) });
const withOutput = (psbt: Psbt, index: number, change: (output: PsbtOutput) => PsbtOutput): Psbt => ({ ...psbt, outputs: psbt.outputs.map((output, at) => (at === index ? change(output) : output)) });
const reviewed = (psbt: Psbt, wallet: typeof single, more: Partial<ReviewContext> = {}) => reviewPsbt(encodePsbt(psbt), contextOf(wallet, wallet.keys[0], more));
const said = (psbt: Psbt, wallet: typeof single, more: Partial<ReviewContext> = {}): unknown[] => reviewed(psbt, wallet, more).findings.map(({ severity, code, where, details }) => [`${severity} ${code} ${where.scope} ${where.index}`, details]);
const field = (keyType: number, keyHex: string, valueHex = ''): KeyValue => ({ keyType, keyData: parseHex(keyHex), value: parseHex(valueHex) });
const adding = (...fields: readonly KeyValue[]) => <T extends PsbtInput | PsbtOutput>(map: T): T => ({ ...map, otherFields: [...map.otherFields, ...fields] });
const replacing = (other: KeyValue) => <T extends PsbtInput | PsbtOutput>(map: T): T => ({ ...map, otherFields: map.otherFields.map((each) => (each.keyType === other.keyType ? other : each)) });
const flipped = (bytes: Uint8Array): Uint8Array => bytes.map((byte, at) => (at === 40 ? byte ^ 1 : byte));

describe.each([{ name: 'one key', wallet: single }, { name: 'a quorum in a leaf', wallet: quorum }])('$name', ({ wallet }) => {
  const honest = honestPsbt({ wallet });

  test('its own fields have a meaning, another field beside them has none', () => {
    expect(said(honest, wallet)).toEqual([]);
    expect(said(withOutput(withInput(honest, 1, adding(field(0xf0, '01'), field(0x19, ''))), 1, adding(field(0x1d, '02'))), wallet)).toEqual([
      ['note psbt.unknown-field input 1', { keys: '19 f001', count: 2 }],
      ['note psbt.unknown-field output 1', { keys: '1d02', count: 1 }],
    ]);
  });

  test('an internal key that is another\'s: on an input the scripts do not fit, on change it is a fraud', () => {
    const other = '11'.repeat(32);
    expect(said(withInput(honest, 1, replacing(field(0x17, '', other))), wallet)).toEqual([['refuse input.script-hash input 1', { internalKeyHex: other }]]);
    expect(said(withOutput(honest, 1, replacing(field(0x05, '', other))), wallet)).toEqual([['refuse change.fraud output 1', { amountSats: '499000', destination: wallet.deriver.derive(1, 7).address }]]);
  });

  test('DEFAULT and ALL may be asked for, nothing else', () => {
    for (const sighashType of [0, 1]) expect(said(withInput(honest, 1, (input) => ({ ...input, sighashType })), wallet)).toEqual([]);
    for (const sighashType of [2, 3, 0x80, 0x81]) expect(said(withInput(honest, 1, (input) => ({ ...input, sighashType })), wallet)).toEqual([['refuse sighash.forbidden input 1', { sighashType, asked: true }]]);
  });

  test('an ECDSA signature is of nobody there', () => {
    const publicKey = wallet.deriver.derive(0, 5).keys[0]!.publicKey;
    expect(said(withInput(honest, 1, (input) => ({ ...input, partialSignatures: [{ publicKey, signature: new Uint8Array(71) }] })), wallet)).toEqual([['refuse signature.invalid input 1', { publicKey: toHex(publicKey), reason: 'of no cosigner', count: 1 }]]);
  });

  test('a payment that presents itself as taproot of somebody\'s own is fraud', () => {
    for (const claim of [field(0x05, '', '22'.repeat(32)), field(0x06, '', '00c00151')]) {
      expect(said(withOutput(honest, 0, adding(claim)), wallet)[0]).toEqual(['refuse change.fraud output 0', { amountSats: '1500000', destination: 'bcrt1qxvenxvenxvenxvenxvenxvenxvenxvcptjld29' }]);
    }
    // An origin of nobody's is the payee's own business, and has no meaning here.
    expect(said(withOutput(honest, 0, adding(field(0x07, '33'.repeat(32), '0001020304'))), wallet)).toEqual([['note psbt.unknown-field output 0', { keys: `07${'33'.repeat(32)}`, count: 1 }]]);
    const { masterFingerprint } = wallet.deriver.derive(0, 0).keys[0]!;
    expect(said(withOutput(honest, 0, adding(field(0x07, '33'.repeat(32), `00${masterFingerprint}0100000007000000`))), wallet)[0]).toEqual(['refuse change.fraud output 0', { amountSats: '1500000', destination: 'bcrt1qxvenxvenxvenxvenxvenxvenxvenxvcptjld29' }]);
  });

  test('an origin that claims this key with another is a lie; keys are named by their x coordinate', () => {
    const { masterFingerprint } = wallet.deriver.derive(0, 5).keys[0]!;
    const path = '30000080010000800000008002000080' + '00000000' + '05000000';
    const lie = field(0x16, '33'.repeat(32), `00${masterFingerprint}${path}`);
    expect(said(withInput(honest, 1, adding(lie)), wallet)).toEqual([['refuse input.origin-lie input 1', { fingerprint: masterFingerprint, path: '48h/1h/0h/2h/0/5', count: 1 }]]);
  });
});

describe('one key', () => {
  const honest = honestPsbt({ wallet: single });
  const [key] = single.keys as [(typeof single.keys)[number]];
  const signed = signedAs(honest, single, key);

  test('has signed when every input is signed, of DEFAULT or ALL', () => {
    for (const psbt of [signed, signedAs(honest, single, key, 1)]) {
      expect(said(psbt, single)).toEqual([['note quorum.already-signed global 0', { fingerprint: key.fingerprint }], ['note quorum.complete global 0', { required: 1 }]]);
      expect(reviewed(psbt, single).quorum).toEqual({ required: 1, total: 1, signed: [key.fingerprint], thisKey: key.fingerprint, stillNeeded: 0 });
    }
    const half = withInput(signed, 1, (input) => ({ ...input, otherFields: honest.inputs[1]!.otherFields }));
    expect(reviewed(half, single)).toMatchObject({ findings: [], quorum: { signed: [], stillNeeded: 1 }, inputs: [{ signedBy: [key.fingerprint] }, { signedBy: [] }] });
  });

  test('a signature that does not verify, or is of another type', () => {
    const at = (signature: Uint8Array): unknown[] => said(withInput(honest, 1, (input) => withTapKeySignature(input, signature)), single);
    const made = tapKeySignatureOf(signed.inputs[1]!) as Uint8Array;
    expect(at(flipped(made))).toEqual([['refuse signature.invalid input 1', { reason: 'does not verify', count: 1 }]]);
    expect(at(concat(made, Uint8Array.of(1)))).toEqual([['refuse signature.invalid input 1', { reason: 'does not verify', count: 1 }]]);
    // BIP341: DEFAULT stands without a byte; written out it is forbidden.
    expect(at(concat(made, Uint8Array.of(0)))).toEqual([['refuse sighash.forbidden input 1', { sighashType: 0, asked: false }], ['refuse signature.invalid input 1', { reason: 'does not verify', count: 1 }]]);
    const partial = signedAs(honest, single, key, 0x81);
    expect(said(partial, single)).toEqual([0, 1].map((index) => [`refuse sighash.forbidden input ${index}`, { sighashType: 0x81, asked: false }]));
    expect(reviewed(partial, single).quorum).toMatchObject({ signed: [], stillNeeded: 1 });
  });

  test('fields of a script tree are an attack, whatever they say', () => {
    for (const tree of [field(0x18, '', '44'.repeat(32)), field(0x15, `c0${'44'.repeat(32)}`, '51c0'), field(0x14, '44'.repeat(64), '44'.repeat(64))]) {
      expect(said(withInput(honest, 1, adding(tree)), single)).toEqual([['refuse taproot.script-path input 1', {}]]);
    }
  });

  test('an annex has no meaning yet: the last of several witness items that begins with 0x50', () => {
    const final = (...items: readonly string[]): unknown[] => said(withInput(honest, 1, (input) => ({ ...input, finalScriptWitness: items.map(parseHex) })), single);
    expect(final('00', '50ff')).toEqual([['refuse input.already-final input 1', {}], ['refuse taproot.script-path input 1', {}]]);
    expect(final('00', '50')).toEqual([['refuse input.already-final input 1', {}], ['refuse taproot.script-path input 1', {}]]);
    expect(final('00', '51', '50')).toEqual([['refuse input.already-final input 1', {}], ['refuse taproot.script-path input 1', {}]]);
    for (const items of [['50'], ['50', '00'], ['00', '51'], ['00', ''], ['00', '50', '51'], []]) expect(final(...items)).toEqual([['refuse input.already-final input 1', {}]]);
  });
});

describe('a quorum in a leaf', () => {
  const honest = honestPsbt({ wallet: quorum });
  const [alice, bob, carol] = quorum.keys as [(typeof quorum.keys)[number], (typeof quorum.keys)[number], (typeof quorum.keys)[number]];
  const byBob = signedAs(honest, quorum, bob);
  const own = leafSignaturesOf(byBob.inputs[1]!)[0]!;
  const at = (...signatures: readonly (typeof own)[]): unknown[] => said(withInput(honest, 1, (input) => withLeafSignatures(input, signatures)), quorum);

  test('signatures are counted by cosigner', () => {
    expect(reviewed(byBob, quorum)).toMatchObject({ findings: [], quorum: { required: 2, total: 3, signed: [bob.fingerprint], stillNeeded: 1 } });
    const both = signedAs(byBob, quorum, carol, 1);
    expect(said(both, quorum)).toEqual([['note quorum.complete global 0', { required: 2 }]]);
    expect(reviewed(both, quorum).quorum.signed).toEqual([bob.fingerprint, carol.fingerprint]);
    expect(reviewed(signedAs(byBob, quorum, alice), quorum).findings.map(({ code }) => code)).toEqual(['quorum.already-signed', 'quorum.complete']);
  });

  test('one that does not verify, is of nobody, or is for another leaf', () => {
    const publicKey = toHex(own.publicKey);
    expect(at({ ...own, signature: flipped(own.signature) })).toEqual([['refuse signature.invalid input 1', { publicKey, reason: 'does not verify', count: 1 }]]);
    expect(at({ ...own, leafHash: new Uint8Array(32) })).toEqual([['refuse signature.invalid input 1', { publicKey, reason: 'of no cosigner', count: 1 }]]);
    expect(at(own, { ...own, publicKey: new Uint8Array(32).fill(0x55) })).toEqual([['refuse signature.invalid input 1', { publicKey: '55'.repeat(32), reason: 'of no cosigner', count: 2 }]]);
    expect(at(own)).toEqual([]);
  });

  test('one of another type than DEFAULT and ALL, also where DEFAULT is written out', () => {
    expect(said(signedAs(honest, quorum, bob, 2), quorum)).toEqual([0, 1].map((index) => [`refuse sighash.forbidden input ${index}`, { sighashType: 2, publicKey: toHex(quorum.deriver.derive(0, 5 * index).keys[1]!.signingKey), asked: false }]));
    expect(reviewed(signedAs(honest, quorum, bob, 2), quorum).quorum).toMatchObject({ signed: [], stillNeeded: 2 });
    const publicKey = toHex(own.publicKey);
    expect(at({ ...own, signature: concat(own.signature, Uint8Array.of(0)) })).toEqual([['refuse sighash.forbidden input 1', { sighashType: 0, publicKey, asked: false }], ['refuse signature.invalid input 1', { publicKey, reason: 'does not verify', count: 1 }]]);
    expect(at({ ...own, signature: concat(own.signature, Uint8Array.of(1)) })).toEqual([['refuse signature.invalid input 1', { publicKey, reason: 'does not verify', count: 1 }]]);
  });

  test('what a hostile file holds by the hundred is listed to the twentieth', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({ ...own, publicKey: new Uint8Array(32).fill(index), signature: new Uint8Array(65).fill(2) }));
    const found = at(...many) as [string, { count?: number }][];
    expect(found.filter(([line]) => line.includes('sighash.forbidden'))).toHaveLength(20);
    expect(found.filter(([line]) => line.includes('signature.invalid')).map(([, { count }]) => count)).toEqual(Array(20).fill(30));
  });

  test('a key-path signature is of no key at hand: nobody holds the internal key', () => {
    expect(said(withInput(honest, 1, (input) => withTapKeySignature(input, new Uint8Array(64))), quorum)).toEqual([['refuse signature.invalid input 1', { reason: 'of no key at hand', count: 1 }]]);
  });

  test('a leaf, root or tree that is not the wallet\'s', () => {
    expect(said(withInput(honest, 1, replacing(field(0x18, '', '44'.repeat(32)))), quorum)).toEqual([['refuse input.script-hash input 1', { internalKeyHex: toHex(quorum.deriver.derive(0, 5).taproot!.internalKey) }]]);
    expect(said(withInput(honest, 1, replacing(field(0x15, `c0${'44'.repeat(32)}`, '51c0'))), quorum).map((line) => (line as unknown[])[0])).toEqual(['refuse input.script-hash input 1']);
    expect(said(withOutput(honest, 1, replacing(field(0x06, '', '00c00151'))), quorum).map((line) => (line as unknown[])[0])).toEqual(['refuse change.fraud output 1']);
  });
});

test('a wallet of one leaf in a sweep beside a stranger: a proven destination\'s fields have a meaning too', () => {
  const honest = honestPsbt({ wallet: testWallet(2, 3), payments: [{ scriptPubKey: quorum.deriver.derive(0, 4).scriptPubKey, amountSats: 1_500_000n }] });
  const { otherFields } = honestPsbt({ wallet: quorum, payments: [], change: { branch: 0, index: 4, amountSats: 1_000n } }).outputs[0]!;
  const stated = withOutput(honest, 0, (output) => ({ ...output, otherFields }));
  expect(said(stated, testWallet(2, 3), { destinations: [quorum] })).toEqual([]);
  expect(said(stated, testWallet(2, 3)).map((line) => (line as unknown[])[0])).toEqual(['refuse change.fraud output 0', 'note psbt.unknown-field output 0']);
});
