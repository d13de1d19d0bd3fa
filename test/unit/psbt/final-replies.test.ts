/** Final scripts: what is built of signatures, what is taken out of them again, and what of it counts for a combination. */
import { describe, expect, test, vi } from 'vitest';
import { concat, toHex } from '../../../src/domain/bytes.ts';
import { isQuorumScript, walletScripts, type WalletScript } from '../../../src/domain/wallet-script.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { combinePsbts } from '../../../src/psbt/combiner.ts';
import { finalScripts, signaturesOfFinal, type FinalScripts, type KeySignature } from '../../../src/psbt/final-scripts.ts';
import type { HashForType } from '../../../src/psbt/input-signatures.ts';
import { previousOutputs } from '../../../src/psbt/previous-outputs.ts';
import type { Psbt, PsbtInput } from '../../../src/psbt/psbt.ts';
import { namedReplies } from '../../../src/psbt/reply.ts';
import { validSignatures } from '../../../src/psbt/reply-signatures.ts';
import { createSighasher } from '../../../src/psbt/sighash.ts';
import { leafSignaturesOf, tapKeySignatureOf, withTapKeySignature } from '../../../src/psbt/taproot-fields.ts';
import { honestPsbt, signedAs, testWallet, type TestKey } from '../support/psbt-builder.ts';

const EMPTY = new Uint8Array(0);
const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const none = { hashesFor: () => [] };

/** A wallet's only input, with what its signatures sign. */
function spendOf(script: WalletScript) {
  const wallet = testWallet(isQuorumScript(script) ? 2 : 1, isQuorumScript(script) ? 3 : 1, 'regtest', 1, script);
  const psbt = honestPsbt({ wallet, inputs: [{ branch: 0, index: 4, amountSats: 1_000_000n }], payments: [], change: { branch: 1, index: 2, amountSats: 990_000n } });
  const derived = wallet.deriver.derive(0, 4);
  const spent = previousOutputs(psbt).map((previous) => (previous.proof === null ? null : previous.output));
  const sighasher = createSighasher(psbt.transaction, spent);
  const hashFor: HashForType = (type) => sighasher.hash(0, derived.rule, type);
  /** This key's signature, as it would stand in a script. */
  const by = (key: TestKey, sighashType?: number): KeySignature => {
    const [input] = signedAs(psbt, wallet, key, sighashType).inputs as [PsbtInput];
    const signature = input.partialSignatures[0]?.signature ?? leafSignaturesOf(input)[0]?.signature ?? (tapKeySignatureOf(input) as Uint8Array);
    return { key: derived.keys.find(({ masterFingerprint }) => masterFingerprint === key.fingerprint)!, signature };
  };
  const final = (signatures: readonly KeySignature[]): FinalScripts => finalScripts(wallet.wallet, derived, signatures)!;
  const signersOf = (scripts: FinalScripts): string[] | null => signaturesOfFinal(scripts, wallet.wallet, derived, hashFor)?.map(({ key }) => key.masterFingerprint) ?? null;
  /** The file with these final scripts, read anew. */
  const replyWith = (scripts: FinalScripts): Psbt => decodePsbt(encodePsbt({ ...psbt, inputs: psbt.inputs.map((input) => ({ ...input, ...scripts })) }));
  return { wallet, psbt, derived, hashFor, by, final, signersOf, replyWith, keys: wallet.keys as readonly [TestKey, TestKey, TestKey] };
}
const itemsOf = ({ finalScriptWitness = [] }: FinalScripts): readonly Uint8Array[] => finalScriptWitness;

describe.each(walletScripts.map((script) => ({ script })))('$script', ({ script }) => {
  const { by, final, signersOf, keys, derived, replyWith, wallet, psbt } = spendOf(script);
  const signers = isQuorumScript(script) ? [keys[0], keys[1]] : [keys[0]];
  const honest = final(signers.map((key) => by(key)));
  const hasWitness = honest.finalScriptWitness !== undefined;

  test('what was put in is found again', () => {
    expect(signersOf(honest)?.sort()).toEqual(signers.map(({ fingerprint }) => fingerprint).sort());
  });

  test('with a script or a witness beside it that its type does not have, it is of another form', () => {
    const other = hasWitness ? { ...honest, finalScriptSig: concat(honest.finalScriptSig ?? EMPTY, Uint8Array.of(0x51)) } : { ...honest, finalScriptWitness: [Uint8Array.of(1)] };
    expect(signersOf(other)).toBeNull();
    if (honest.finalScriptSig !== undefined && hasWitness) expect(signersOf({ finalScriptWitness: itemsOf(honest) })).toBeNull();
  });

  test('with an item too many, too few, or exchanged, it is of another form', () => {
    if (hasWitness) {
      const items = itemsOf(honest);
      const altered = [[...items, Uint8Array.of(1)], [Uint8Array.of(1), ...items], items.slice(1), items.slice(0, -1), []];
      for (const finalScriptWitness of altered) expect([script, finalScriptWitness.length, signersOf({ ...honest, finalScriptWitness })]).toEqual([script, finalScriptWitness.length, null]);
      // What must be known by its bytes and is not: everything but signatures, and where they are, too.
      items.forEach((item, at) => {
        if (item.length === 0) return;
        const finalScriptWitness = items.map((each, position) => (position === at ? each.map((byte, offset) => (offset === 12 ? byte ^ 1 : byte)) : each));
        expect([at, signersOf({ ...honest, finalScriptWitness })]).toEqual([at, null]);
      });
    } else {
      const scriptSig = honest.finalScriptSig!;
      for (const finalScriptSig of [concat(scriptSig, Uint8Array.of(0x51)), concat(Uint8Array.of(0x51), scriptSig), scriptSig.subarray(1), scriptSig.subarray(0, -1), concat(scriptSig, Uint8Array.of(0x61)), EMPTY]) {
        expect(signersOf({ finalScriptSig })).toBeNull();
      }
    }
  });

  test('of a hash that is not known nothing is found', () => {
    expect(signaturesOfFinal(honest, wallet.wallet, derived, () => null)).toBeNull();
  });

  test('signatures of another type than ALL do not count in it, not even one among others', () => {
    const foreign = signers.map((key, position) => by(key, position === 0 ? 0x02 : undefined));
    expect(() => combinePsbts([replyWith(final(foreign))], wallet.deriver, { original: psbt })).toThrow(code('psbt.signature-invalid'));
    const all = signers.map((key) => by(key, 0x01));
    expect(combinePsbts([replyWith(final(all))], wallet.deriver, { original: psbt }).quorum.stillNeeded).toBe(0);
  });

  test('a final input that is of no form is named as what it is', () => {
    const damaged = hasWitness ? { ...honest, finalScriptWitness: itemsOf(honest).slice(1) } : { finalScriptSig: honest.finalScriptSig!.subarray(1) };
    expect(() => combinePsbts([replyWith(damaged)], wallet.deriver, { original: psbt })).toThrow(expect.objectContaining({ code: 'psbt.signature-invalid', details: expect.objectContaining({ index: 0, signer: 'final scripts', file: 'file 1' }) }));
  });
});

describe('final files that say different things', () => {
  test.each(walletScripts.filter(isQuorumScript).map((script) => ({ script })))('$script: each adds its signatures, in any order', ({ script }) => {
    const { by, final, keys: [a, b, c], replyWith, wallet, psbt } = spendOf(script);
    const [ab, bc] = [replyWith(final([by(a), by(b)])), replyWith(final([by(b), by(c)]))];
    for (const files of [[ab, bc], [bc, ab], [ab, ab, bc]]) {
      expect([...combinePsbts(files, wallet.deriver, { original: psbt }).quorum.signed].sort()).toEqual([a, b, c].map(({ fingerprint }) => fingerprint).sort());
    }
  });

  test('beside one another, of which one lacks the script: the other counts', () => {
    const { by, final, keys: [a, b], replyWith, wallet, psbt } = spendOf('p2sh-p2wsh');
    const whole = final([by(a), by(b)]);
    const bare = replyWith({ finalScriptWitness: itemsOf(whole) });
    for (const files of [[replyWith(whole), bare], [bare, replyWith(whole)]]) {
      expect(() => combinePsbts(files, wallet.deriver, { original: psbt })).toThrow(expect.objectContaining({ code: 'psbt.signature-invalid', details: expect.objectContaining({ position: files.indexOf(bare) + 1 }) }));
    }
  });

  test('of a legacy quorum, one of them with a witness beside its script: that one is to blame', () => {
    const { by, final, keys: [a, b], replyWith, wallet, psbt } = spendOf('p2sh');
    const whole = final([by(a), by(b)]);
    const odd = replyWith({ ...whole, finalScriptWitness: [Uint8Array.of(1)] });
    for (const files of [[replyWith(whole), odd], [odd, replyWith(whole)]]) {
      expect(() => combinePsbts(files, wallet.deriver, { original: psbt })).toThrow(expect.objectContaining({ code: 'psbt.signature-invalid', details: expect.objectContaining({ position: files.indexOf(odd) + 1 }) }));
    }
  });

  test('what several files state alike is verified once', () => {
    for (const script of walletScripts) {
      const { by, final, keys, replyWith, psbt, wallet, derived, hashFor } = spendOf(script);
      const signers = isQuorumScript(script) ? [keys[0], keys[1]] : [keys[0]];
      const finals = replyWith(final(signers.map((key) => by(key))));
      const count = (files: readonly Psbt[]): number => {
        const counted = vi.fn(hashFor);
        expect(validSignatures(namedReplies(files, [], null), { index: 0, outpoint: '', owner: { deriver: wallet.deriver, derived }, hashFor: counted }, none)).toHaveLength(signers.length);
        return counted.mock.calls.length;
      };
      const signed = decodePsbt(encodePsbt(signers.reduce<Psbt>((all, key) => signedAs(all, wallet, key), psbt)));
      expect([script, count([finals, decodePsbt(encodePsbt(finals)), finals])]).toEqual([script, count([finals])]);
      expect([script, count([signed, decodePsbt(encodePsbt(signed)), signed])]).toEqual([script, count([signed])]);
      expect([script, count([signed, finals, signed, finals])]).toEqual([script, count([signed, finals])]);
    }
  });

  test('an empty script makes no input final', () => {
    const { psbt, wallet, keys: [a] } = spendOf('p2wsh');
    const odd = { ...psbt, inputs: signedAs(psbt, wallet, a).inputs.map((input) => ({ ...input, finalScriptSig: EMPTY })) };
    expect(combinePsbts([odd], wallet.deriver).quorum.signed).toEqual([a.fingerprint]);
  });
});

describe('more signatures than the quorum needs', () => {
  test('of a taproot leaf: those of the first keys stand in it, and an empty item for each other key', () => {
    const { by, final, keys, derived, signersOf } = spendOf('p2tr-multi');
    const three = final(keys.map((key) => by(key)));
    const items = itemsOf(three).slice(0, 3).reverse();
    expect(items.map(({ length }) => length)).toEqual([64, 64, 0]);
    const sorted = [...derived.keys].sort((a, b) => (toHex(a.signingKey) < toHex(b.signingKey) ? -1 : 1)).map(({ masterFingerprint }) => masterFingerprint);
    expect(signersOf(three)).toEqual(sorted.slice(0, 2).reverse());
  });

  test('fewer make nothing', () => {
    for (const script of walletScripts.filter(isQuorumScript)) {
      const { wallet, derived, by, keys } = spendOf(script);
      expect([script, finalScripts(wallet.wallet, derived, [by(keys[2])]), finalScripts(wallet.wallet, derived, [])]).toEqual([script, null, null]);
    }
  });
});

test('as many places as keys: an incomplete script of another program gives what it has', () => {
  const { by, signersOf, derived, keys } = spendOf('p2wsh');
  const place = (...signatures: readonly Uint8Array[]) => signersOf({ finalScriptWitness: [EMPTY, ...signatures, derived.witnessScript!] });
  expect(place(by(keys[1]).signature)).toEqual([keys[1].fingerprint]);
  expect(place(by(keys[1]).signature, EMPTY)).toEqual([keys[1].fingerprint]);
  expect(place(EMPTY, by(keys[1]).signature, EMPTY)).toEqual([keys[1].fingerprint]);
  expect(place(EMPTY, by(keys[1]).signature, EMPTY, EMPTY)).toBeNull();
  expect(place(Uint8Array.of(1), by(keys[1]).signature)).toBeNull();
  expect(signersOf({ finalScriptWitness: [Uint8Array.of(0), by(keys[1]).signature, derived.witnessScript!] })).toBeNull();
  expect(signersOf({ finalScriptWitness: [EMPTY] })).toBeNull();
});

test('a Schnorr signature has 64 or 65 bytes', () => {
  const { by, signersOf, keys } = spendOf('p2tr');
  const { signature } = by(keys[0]);
  expect(signersOf({ finalScriptWitness: [signature] })).toEqual([keys[0].fingerprint]);
  expect(signersOf({ finalScriptWitness: [by(keys[0], 1).signature] })).toEqual([keys[0].fingerprint]);
  expect(signersOf({ finalScriptWitness: [signature.subarray(0, 63)] })).toBeNull();
  // With what a type and a byte more would say: DEFAULT written out, and a tail.
  expect(signersOf({ finalScriptWitness: [concat(by(keys[0], 1).signature, Uint8Array.of(1))] })).toBeNull();
});

test('whose signature it is that does not count: a cosigner, a stranger\'s key, or taproot\'s without a key', () => {
  const { psbt, wallet, keys: [a], derived } = spendOf('p2tr-multi');
  const signerIn = (file: Psbt): unknown => {
    try {
      combinePsbts([file], wallet.deriver, { original: psbt });
      return 'nobody is to blame';
    } catch (error) {
      return (error as { details: Record<string, unknown> }).details['signer'];
    }
  };
  const noisy = { ...psbt, inputs: psbt.inputs.map((input) => withTapKeySignature(input, new Uint8Array(64).fill(7))) };
  expect(signerIn(noisy)).toBe('taproot');
  const wrong = signedAs(psbt, wallet, a).inputs.map((input) => ({ ...input, otherFields: input.otherFields.map((field) => (field.value.length === 64 ? { ...field, value: new Uint8Array(64).fill(7) } : field)) }));
  expect(signerIn({ ...psbt, inputs: wrong })).toBe(a.fingerprint);
  const strange = wrong.map((input) => ({ ...input, otherFields: input.otherFields.map((field) => (field.value.length === 64 ? { ...field, keyData: concat(new Uint8Array(32).fill(9), field.keyData.subarray(32)) } : field)) }));
  expect(signerIn({ ...psbt, inputs: strange })).toBe('09'.repeat(32));
  expect(derived.taproot?.leaf).not.toBeNull();
});
