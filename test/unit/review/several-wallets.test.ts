/** Transactions of several wallets and papers: whose quorum speaks, what is change, which wallets are involved, and what a review says of each input. */
import * as secp from 'tiny-secp256k1';
import { describe, expect, test } from 'vitest';
import { toHex } from '../../../src/domain/bytes.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { previousOutputs } from '../../../src/psbt/previous-outputs.ts';
import { createSighasher } from '../../../src/psbt/sighash.ts';
import { withTapKeySignature } from '../../../src/psbt/taproot-fields.ts';
import type { Psbt, PsbtInput } from '../../../src/psbt/psbt.ts';
import { isGenuineReview, reviewPsbt, type ReviewContext } from '../../../src/review/review-psbt.ts';
import type { Review } from '../../../src/review/review.ts';
import { keyPathTweak } from '../../../src/wallet/taproot.ts';
import { contextOf, derSignature, fundingTransaction, honestPsbt, signedAs, strangerScript, testKey, testWallet, type HonestSpend } from '../support/psbt-builder.ts';
import { claimedOnly, cold, paperSweep, testPaper } from '../support/paper-sweep-builder.ts';

const treasury = testWallet(2, 3);
// Of other script types each, so that nobody looks for the one's addresses among the other's.
const petty = testWallet(1, 2, 'regtest', 20, 'p2tr-multi');
const board = testWallet(3, 3, 'regtest', 40, 'p2sh');
const nobody = testWallet(1, 1, 'regtest', 70, 'p2wpkh');
const [alice, bob, carol] = treasury.keys as [typeof treasury.keys[0] & {}, typeof treasury.keys[0] & {}, typeof treasury.keys[0] & {}];
const wallets = [treasury, petty, board];
const reviewed = (psbt: Psbt, more: Partial<ReviewContext> = {}): Review => reviewPsbt(encodePsbt(psbt), contextOf(treasury, alice, { wallets, ...more }));
const withInput = (psbt: Psbt, index: number, change: (input: PsbtInput) => PsbtInput): Psbt => ({ ...psbt, inputs: psbt.inputs.map((input, at) => (at === index ? change(input) : input)) });
const spend = (wallet: typeof treasury, more: Partial<HonestSpend> = {}): Psbt => honestPsbt({ wallet, inputs: [{ branch: 0, index: 3, amountSats: 100_000n }], payments: [], change: { branch: 1, index: 2, amountSats: 99_000n }, ...more });

function together(first: Psbt, ...others: readonly Psbt[]): Psbt {
  const transaction = first.transaction.clone();
  for (const other of others) {
    const added = other.transaction.clone();
    transaction.ins.push(...added.ins);
    transaction.outs.push(...added.outs);
  }
  return { ...first, transaction, inputs: [first, ...others].flatMap(({ inputs }) => inputs), outputs: [first, ...others].flatMap(({ outputs }) => outputs) };
}

/** The private key of a taproot output without a script tree (BIP341). */
function tweakedKey(privateKey: Uint8Array): Uint8Array {
  const point = secp.pointFromScalar(privateKey, true) as Uint8Array;
  return secp.privateAdd(point[0] === 3 ? secp.privateNegate(privateKey) : privateKey, keyPathTweak(point.subarray(1))) as Uint8Array;
}

/** Signed by the papers of these inputs, as their key's program would. */
function signedByPaper(psbt: Psbt, indices: readonly number[]): Psbt {
  const papers = [testPaper(1), testPaper(1), testPaper(2)];
  const scripts = ['p2pkh', 'p2wpkh', 'p2tr'] as const;
  const spent = previousOutputs(psbt).map((previous) => (previous.proof === null ? null : previous.output));
  const sighasher = createSighasher(psbt.transaction, spent);
  return indices.reduce((signed, index) => {
    const { privateKey, publicKey, output } = papers[index]!;
    const hash = sighasher.hash(index, output(scripts[index]!).rule, scripts[index] === 'p2tr' ? 0 : 1) as Uint8Array;
    if (scripts[index] === 'p2tr') return withInput(signed, index, (input) => withTapKeySignature(input, secp.signSchnorr(hash, tweakedKey(privateKey))));
    return withInput(signed, index, (input) => ({ ...input, partialSignatures: [{ publicKey, signature: derSignature(secp.sign(hash, privateKey)) }] }));
  }, psbt);
}

describe('the quorum', () => {
  test('of the wallet that lacks most signatures speaks for all; of those that lack as many, the first that spends', () => {
    expect(reviewed(together(spend(petty), spend(board), spend(treasury))).quorum).toEqual({ required: 3, total: 3, signed: [], thisKey: alice.fingerprint, stillNeeded: 3 });
    expect(reviewed(together(spend(petty), spend(treasury))).quorum).toMatchObject({ required: 2, total: 3, stillNeeded: 2 });
    const started = signedAs(together(spend(petty), spend(treasury)), treasury, bob);
    expect(reviewed(started).quorum).toEqual({ required: 1, total: 2, signed: [], thisKey: alice.fingerprint, stillNeeded: 1 });
    expect(reviewed(together(spend(treasury), spend(petty)), { wallets: [petty, treasury] }).quorum.total).toBe(3);
  });

  test('of a file that spends from none of them is that of the first wallet, with nothing signed; without any wallet there is none', () => {
    const foreign = honestPsbt({ wallet: nobody });
    expect(reviewed(foreign, { wallets: [board] }).inputs).toMatchObject([0, 1].map(() => ({ proof: 'previous-transaction', walletId: null, branch: null, childIndex: null, singleKey: null, signedBy: [] })));
    expect(reviewed(foreign, { wallets: [board, treasury] }).quorum).toEqual({ required: 3, total: 3, signed: [], thisKey: alice.fingerprint, stillNeeded: 3 });
    expect(reviewed(foreign, { wallets: [], thisKey: null }).quorum).toEqual({ required: 0, total: 0, signed: [], thisKey: null, stillNeeded: 0 });
  });

  test('counts a cosigner who signed every input; the input with the fewest signatures says how many are needed', () => {
    const two = honestPsbt({ wallet: treasury });
    const some = withInput(signedAs(signedAs(two, treasury, bob), treasury, carol), 1, (input) => ({ ...input, partialSignatures: input.partialSignatures.slice(1) }));
    expect(reviewed(some).quorum).toMatchObject({ signed: [carol.fingerprint], stillNeeded: 1 });
    expect(reviewed(some).inputs.map(({ signedBy }) => signedBy)).toEqual([[bob.fingerprint, carol.fingerprint], [carol.fingerprint]]);
    expect(reviewed(some).findings).toEqual([]);
    // More than are required leave none needed, not fewer than none.
    expect(reviewed(signedAs(signedAs(signedAs(two, treasury, alice), treasury, bob), treasury, carol)).quorum).toMatchObject({ signed: [alice.fingerprint, bob.fingerprint, carol.fingerprint], stillNeeded: 0 });
  });

  test('this key has signed where it signed every input of the wallets that it is in', () => {
    const codes = (psbt: Psbt, more: Partial<ReviewContext> = {}): string[] => reviewed(psbt, more).findings.map(({ code }) => code);
    const both = together(spend(treasury), spend(petty));
    expect(codes(signedAs(both, treasury, alice))).toEqual(['quorum.already-signed']);
    expect(codes(signedAs(both, petty, petty.keys[0]!))).toEqual([]);
    expect(codes(signedAs(both, petty, petty.keys[0]!), { thisKey: petty.keys[0]!.reviewKey })).toEqual(['quorum.already-signed']);
    expect(codes(both, { thisKey: testKey(99).reviewKey })).toEqual(['quorum.not-a-cosigner']);
    // In a registered wallet that spends nothing here, it is no cosigner of what is spent.
    expect(codes(spend(treasury), { thisKey: board.keys[0]!.reviewKey })).toEqual(['quorum.not-a-cosigner']);
    // Where nothing of the wallets is spent, it is one if it is in any of them.
    const foreign = honestPsbt({ wallet: nobody, change: null });
    expect(codes(foreign, { thisKey: board.keys[0]!.reviewKey })).not.toContain('quorum.not-a-cosigner');
    expect(codes(foreign, { thisKey: board.keys[0]!.reviewKey })).not.toContain('quorum.complete');
    expect(codes(foreign, { thisKey: testKey(99).reviewKey })).toContain('quorum.not-a-cosigner');
  });
});

test('a key that has no public key at a path claims nothing there, and is no cosigner', () => {
  const broken = { fingerprint: alice.fingerprint, publicKeyAt: (): Uint8Array => { throw new Error('no such child'); } };
  expect(reviewed(honestPsbt({ wallet: treasury }), { thisKey: broken }).findings.map(({ code, where }) => [code, where.index])).toEqual([['input.origin-lie', 0], ['input.origin-lie', 1], ['quorum.not-a-cosigner', 0]]);
});

describe('paper keys', () => {
  const [first, second] = [testPaper(1), testPaper(2)];
  const sweep = paperSweep([{ paper: first, script: 'p2pkh' }, { paper: first, script: 'p2wpkh' }, { paper: second, script: 'p2tr' }]);
  const context: Partial<ReviewContext> = { wallets: [], thisKey: null, singleKeys: [first, second], destinations: [cold] };

  test('each spends alone, so all must sign; one that signed some of its inputs has not', () => {
    expect(reviewed(sweep, context).quorum).toEqual({ required: 2, total: 2, signed: [], thisKey: null, stillNeeded: 2 });
    const byFirst = signedByPaper(sweep, [0, 1]);
    expect(reviewed(byFirst, context).quorum).toEqual({ required: 2, total: 2, signed: [first.fingerprint], thisKey: null, stillNeeded: 1 });
    expect(reviewed(signedByPaper(sweep, [1]), context).quorum).toMatchObject({ signed: [], stillNeeded: 2 });
    expect(reviewed(signedByPaper(sweep, [1]), context).inputs.map(({ signedBy }) => signedBy)).toEqual([[], [first.fingerprint], []]);
    const complete = reviewed(signedByPaper(sweep, [0, 1, 2]), context);
    expect(complete.quorum).toMatchObject({ signed: [first.fingerprint, second.fingerprint], stillNeeded: 0 });
    expect(complete.findings.map(({ code, details }) => [code, details])).toEqual([['rbf.signalled', {}], ['quorum.complete', { required: 2 }]]);
  });

  test('an input is named by its key, its script, and nothing of a wallet', () => {
    expect(reviewed(sweep, context).inputs[1]).toEqual({
      index: 1, txid: toHex(sweep.transaction.ins[1]!.hash.slice().reverse()), vout: 0, sequence: 0xffff_fffd, amountSats: 100_000n, proof: 'previous-transaction',
      walletId: null, branch: null, childIndex: null, singleKey: { fingerprint: first.fingerprint, publicKeyHex: toHex(first.publicKey), script: 'p2wpkh' }, signedBy: [],
    });
  });

  test('beside a wallet: whoever lacks more speaks, and the wallet where both lack as many', () => {
    const mixed = (wallet: typeof treasury): Psbt => together(sweep, spend(wallet));
    const quorumOf = (wallet: typeof treasury) => reviewed(mixed(wallet), { ...context, wallets: [wallet], thisKey: alice.reviewKey }).quorum;
    expect(quorumOf(board)).toMatchObject({ required: 3, total: 3 });
    expect(quorumOf(treasury)).toEqual({ required: 2, total: 3, signed: [], thisKey: alice.fingerprint, stillNeeded: 2 });
    expect(quorumOf(petty)).toEqual({ required: 2, total: 2, signed: [], thisKey: alice.fingerprint, stillNeeded: 2 });
  });

  test('a signature over an amount that nobody proved counts for nothing', () => {
    const unproven = withInput(signedByPaper(sweep, [0, 1, 2]), 1, claimedOnly);
    expect(reviewed(unproven, context)).toMatchObject({ verdict: 'refused', inputs: [{ signedBy: [first.fingerprint] }, { signedBy: [], proof: null, amountSats: 0n }, { signedBy: [second.fingerprint] }], quorum: { signed: [second.fingerprint], stillNeeded: 1 } });
  });
});

describe('change, payments and the wallets involved', () => {
  test('what comes back to a wallet out of its own is change, up to what it put in', () => {
    const backTo = (amountSats: bigint) => {
      const mixed = together(spend(treasury, { inputs: [{ branch: 0, index: 3, amountSats: 900_000n }], change: { branch: 1, index: 2, amountSats: 500_000n } }), spend(petty));
      mixed.transaction.outs[1]!.value = amountSats;
      return reviewed(mixed);
    };
    expect(backTo(100_000n)).toMatchObject({ changeSats: 600_000n, paymentsSats: 0n, payments: [] });
    expect(backTo(100_001n)).toMatchObject({ changeSats: 500_000n, paymentsSats: 100_001n, payments: [{ index: 1, amountSats: 100_001n, to: null }] });
  });

  test('money that comes back in two parts is judged by their sum', () => {
    const inParts = (second: bigint) => {
      const parts = spend(petty, { payments: [{ scriptPubKey: petty.deriver.derive(0, 5).scriptPubKey, amountSats: 60_000n }], change: { branch: 1, index: 2, amountSats: 40_000n } });
      const mixed = together(spend(treasury, { inputs: [{ branch: 0, index: 3, amountSats: 900_000n }], change: { branch: 1, index: 2, amountSats: 500_000n } }), parts);
      mixed.transaction.outs[2]!.value = second;
      return reviewed(mixed);
    };
    expect(inParts(40_000n)).toMatchObject({ changeSats: 600_000n, paymentsSats: 0n });
    expect(inParts(40_001n)).toMatchObject({ changeSats: 500_000n, paymentsSats: 100_001n, payments: [{ index: 1 }, { index: 2 }] });
    // Outside the range of money it is nothing, and offsets nothing.
    expect(inParts(-1n)).toMatchObject({ changeSats: 560_000n, paymentsSats: 0n });
  });

  test('a transaction that spends nothing of the wallets takes from none of them: what goes to one is its own', () => {
    const foreign = honestPsbt({ wallet: nobody, payments: [{ scriptPubKey: treasury.deriver.derive(0, 6).scriptPubKey, amountSats: 1_500_000n }] });
    expect(reviewed(foreign)).toMatchObject({ change: [{ index: 0, walletId: treasury.walletId, branch: 0, childIndex: 6, amountSats: 1_500_000n }] });
  });

  test('nothing that goes to a wallet which spends nothing is change, not even of no satoshis', () => {
    const psbt = spend(treasury, { payments: [{ scriptPubKey: petty.deriver.derive(0, 6).scriptPubKey, amountSats: 0n }] });
    expect(reviewed(psbt)).toMatchObject({ payments: [{ index: 0, amountSats: 0n }], change: [{ index: 1 }] });
  });

  test('the wallets that are involved are named, in the order in which they were given: by an input, an output or a destination', () => {
    const paying = (to: typeof treasury): Psbt => spend(treasury, { payments: [{ scriptPubKey: to.deriver.derive(0, 1).scriptPubKey, amountSats: 40_000n }], change: { branch: 1, index: 2, amountSats: 59_000n } });
    expect(reviewed(spend(treasury)).walletIds).toEqual([treasury.walletId]);
    expect(reviewed(paying(petty)).walletIds).toEqual([treasury.walletId, petty.walletId]);
    expect(reviewed(paying(petty), { wallets: [petty, treasury] }).walletIds).toEqual([petty.walletId, treasury.walletId]);
    expect(reviewed(paying(petty), { wallets: [treasury], destinations: [board, petty] }).walletIds).toEqual([treasury.walletId, petty.walletId]);
    expect(reviewed(paying(petty), { wallets: [treasury], destinations: [treasury, petty] }).walletIds).toEqual([treasury.walletId, petty.walletId]);
    expect(reviewed(paying(petty), { wallets: [treasury] }).walletIds).toEqual([treasury.walletId]);
  });

  test('a destination is proven to be what it is; an own address is no destination', () => {
    const psbt = spend(treasury, { payments: [{ scriptPubKey: petty.deriver.derive(1, 8).scriptPubKey, amountSats: 40_000n }], change: { branch: 1, index: 2, amountSats: 59_000n } });
    expect(reviewed(psbt, { wallets: [treasury], destinations: [treasury, petty] })).toMatchObject({ payments: [{ index: 0, to: { walletId: petty.walletId, branch: 1, childIndex: 8 } }], change: [{ index: 1, walletId: treasury.walletId }] });
  });

  test('an address of a wallet that may spend is no destination, and its key no paper\'s', () => {
    const psbt = spend(treasury, { payments: [{ scriptPubKey: petty.deriver.derive(1, 8).scriptPubKey, amountSats: 40_000n }], change: { branch: 1, index: 2, amountSats: 59_000n } });
    expect(reviewed(psbt, { destinations: [petty] }).payments).toMatchObject([{ index: 0, to: null }]);
    const { publicKey } = nobody.deriver.derive(0, 3).keys[0]!;
    const both = reviewed(spend(nobody), { wallets: [nobody], thisKey: null, singleKeys: [{ fingerprint: alice.fingerprint, publicKey }] });
    expect(both).toMatchObject({ inputs: [{ walletId: nobody.walletId, singleKey: null }], quorum: { required: 1, total: 1 } });
  });

  test('a fee is weighed against the payments where something leaves, else against the inputs', () => {
    const ofFee = (more: Partial<HonestSpend>, context: Partial<ReviewContext> = {}) => reviewed(spend(treasury, more), context).feeBasisPoints;
    expect(ofFee({})).toBe(100n);
    expect(ofFee({ payments: [{ scriptPubKey: strangerScript(), amountSats: 50_000n }], change: { branch: 1, index: 2, amountSats: 49_000n } })).toBe(200n);
    // Data leave nothing; what goes to a proven destination stays with the organisation.
    expect(ofFee({ payments: [{ scriptPubKey: Uint8Array.of(0x6a, 0x01, 0x02), amountSats: 0n }] })).toBe(100n);
    const arrives = { scriptPubKey: petty.deriver.derive(0, 1).scriptPubKey, amountSats: 50_000n };
    const data = { scriptPubKey: Uint8Array.of(0x6a, 0x01, 0x02), amountSats: 0n };
    const among = { wallets: [treasury], destinations: [petty] };
    expect(ofFee({ payments: [arrives], change: { branch: 1, index: 2, amountSats: 49_000n } }, among)).toBe(100n);
    expect(ofFee({ payments: [arrives, data], change: { branch: 1, index: 2, amountSats: 49_000n } }, among)).toBe(100n);
    expect(ofFee({ payments: [arrives, { ...data, amountSats: 1n }], change: { branch: 1, index: 2, amountSats: 48_999n } }, among)).toBe(199n);
  });

  test('a fee of nothing, or of nothing at all', () => {
    const psbt = honestPsbt({ wallet: treasury });
    const transaction = psbt.transaction.clone();
    transaction.outs[0]!.value = 5_000_000n;
    expect(reviewed({ ...psbt, transaction }).feeBasisPoints).toBe(0n);
    expect(reviewed({ ...psbt, inputs: psbt.inputs.map(claimedOnly) })).toMatchObject({ inputsSats: 0n, feeSats: -1_999_000n, feeBasisPoints: 0n });
    const nothing = psbt.transaction.clone();
    for (const output of nothing.outs) output.value = 0n;
    expect(reviewed({ ...psbt, transaction: nothing, inputs: psbt.inputs.map(claimedOnly) }).feeBasisPoints).toBeNull();
  });
});

describe('amounts that are not proven', () => {
  test('are judged as claimed, and counted as nothing', () => {
    const claimed = withInput(honestPsbt({ wallet: treasury }), 0, claimedOnly);
    expect(reviewed(claimed)).toMatchObject({ inputsSats: 1_000_000n, feeSats: -999_000n, inputs: [{ amountSats: 0n, proof: null, walletId: treasury.walletId, branch: 0, childIndex: 0 }, { amountSats: 1_000_000n }] });
    expect(reviewed(claimed).findings.map(({ code }) => code)).toEqual(['input.prevtx-missing']);
  });

  test('where nothing is even claimed, no fee is judged', () => {
    const silent = withInput(honestPsbt({ wallet: treasury, change: null }), 0, ({ nonWitnessUtxo: _, witnessUtxo: __, ...rest }) => rest);
    expect(reviewed(silent).findings.map(({ code }) => code)).toEqual(['input.prevtx-missing', 'input.foreign']);
    expect(reviewed(honestPsbt({ wallet: treasury, change: null })).findings.map(({ code }) => code)).toEqual(['fee.high']);
  });

  test('that are proven and are no money count as nothing', () => {
    const psbt = honestPsbt({ wallet: treasury });
    const absurd = fundingTransaction([{ scriptPubKey: psbt.inputs[0]!.witnessUtxo!.scriptPubKey, amountSats: -7n }], 77);
    const transaction = psbt.transaction.clone();
    transaction.ins[0]!.hash = Uint8Array.from(Buffer.from(absurd.txid, 'hex')).reverse();
    const altered = withInput({ ...psbt, transaction }, 0, (input) => ({ ...input, nonWitnessUtxo: absurd.bytes, witnessUtxo: { ...input.witnessUtxo!, amountSats: -7n } }));
    expect(reviewed(altered)).toMatchObject({ inputsSats: 1_000_000n, inputs: [{ amountSats: 0n, proof: null, walletId: treasury.walletId }, { amountSats: 1_000_000n }] });
  });
});

test('a review is frozen in all of its parts, and known as made here', () => {
  const review = reviewed(signedAs(honestPsbt({ wallet: treasury }), treasury, bob));
  const parts: unknown[] = [review, review.inputs, review.inputs[0], review.inputs[0]!.signedBy, review.payments, review.payments[0], review.change, review.change[0], review.quorum, review.quorum.signed, review.findings, review.walletIds];
  expect(parts.map(Object.isFrozen)).not.toContain(false);
  expect([isGenuineReview(review), isGenuineReview({ ...review })]).toEqual([true, false]);
});
