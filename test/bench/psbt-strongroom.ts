import { writeFileSync } from 'node:fs';
import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { nativeLibraries } from '../../scripts/lib/bundles.mjs';
import { toHex } from '../../src/domain/bytes.ts';
import { openLibrary } from '../../src/node/shared/native-curve/open-library.ts';
import { pinnedFiles } from '../../src/node/shared/native-curve/pinned-files.ts';
import { useNativeCurve } from '../../src/node/shared/native-curve/use-native-curve.ts';
import { useNativeSha256 } from '../../src/node/shared/native-sha256.ts';
import { nativePrivateCurve, nativeSigner } from '../../src/node/signer/native-signer.ts';
import { decodePsbt } from '../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import { combinePsbts } from '../../src/psbt/combiner.ts';
import { createPsbt } from '../../src/psbt/creator.ts';
import { extractTransaction } from '../../src/psbt/extractor.ts';
import { finalizePsbt } from '../../src/psbt/finalizer.ts';
import type { FinalizedPsbt } from '../../src/psbt/psbt.ts';
import { createSighasherLegacy } from '../../src/psbt/sighash-legacy.ts';
import { SIGHASH_ALL } from '../../src/psbt/sighash-types.ts';
import { finalizeSingleKeys } from '../../src/psbt/single-key-finalizer.ts';
import { updatePsbt } from '../../src/psbt/updater.ts';
import { approve, type Approval } from '../../src/review/approve.ts';
import { reviewPsbt, type ReviewContext } from '../../src/review/review-psbt.ts';
import { libsecp256k1 } from '../../src/signer/curve-libsecp256k1.ts';
import { nobleCurves } from '../../src/signer/curve-noble.ts';
import type { Curves, CurveSigner } from '../../src/signer/ecdsa-signer.ts';
import { PaperKey } from '../../src/signer/paper-key.ts';
import { signWithPaperKeys } from '../../src/signer/paper-key-sign.ts';
import { usePrivateCurve } from '../../src/signer/private-curve.ts';
import { registerWallet, verifyRegistration, type RegisteredWallet } from '../../src/signer/registration.ts';
import { signPsbt } from '../../src/signer/sign.ts';
import { SigningKey } from '../../src/signer/signing-key.ts';
import { createAddressDeriver } from '../../src/wallet/address.ts';
import { policyIdOf } from '../../src/wallet/policy-id.ts';
import { accountOf, isCosigned, makeCase, originOf, readTask, runRounds, SEQUENCE, timed, type BenchCase, type Steps } from './psbt-case.ts';

/*
 * The engine's own steps. Each signer and the Companion work in processes of their own in life, so each has a deriver of its own
 * here that knows nothing yet; the review is what warms a signer's.
 *
 * Argument: a `BenchTask`. Run by scripts/lib/bench-psbt.mjs.
 */

const task = readTask();
const bench = makeCase(task.order);

const first = task.native ? nativeFirst() : libsecp256k1;
const both: Curves = { first, second: nobleCurves };

/** As the programs choose it (src/node/signer/signing-process/product-curves.ts); from source the library lies in its package. */
function nativeFirst(): CurveSigner {
  const platform = `${process.platform}-${process.arch}`;
  const library = openLibrary({ file: nativeLibraries[`secp256k1-${platform}.node`] ?? '', pinned: pinnedFiles[platform] ?? { bytes: 0, sha256: '' } });
  if (library === null) throw new Error(`no native library for ${platform}`);
  useNativeCurve(library);
  useNativeSha256();
  usePrivateCurve(nativePrivateCurve(library));
  return nativeSigner(library);
}

/** What signing costs without the second opinion: the second implementation repeats what the first said. For this measurement only. */
const alone = ((): Curves => {
  let last = new Uint8Array(0);
  const heard = (bytes: Uint8Array): Uint8Array => (last = new Uint8Array(bytes));
  const listened: CurveSigner = { ...first, sign: (...of) => heard(first.sign(...of)), signSchnorr: (...of) => heard(first.signSchnorr(...of)) };
  return { first: listened, second: { name: 'echo', sign: () => last, signSchnorr: () => last } };
})();

const build = (): Uint8Array =>
  encodePsbt(updatePsbt(
    createPsbt({ inputs: bench.inputs.map(({ txid }) => ({ txid, vout: 0, sequence: SEQUENCE })), outputs: [bench.payment], locktime: 0 }),
    { inputs: bench.inputs.map(({ previousTransaction, derived }) => ({ previousTransaction, derived: derived ?? undefined })), outputs: [{}] },
  ));

/**
 * What the engine remembers in a process is forgotten, where in life another process begins: hashes of the legacy transaction that was
 * asked about last.
 */
function inAnotherProcess(): void {
  const nothing = new Transaction();
  nothing.addInput(new Uint8Array(32), 0);
  createSighasherLegacy(nothing).hash(0, new Uint8Array(0), SIGHASH_ALL);
}

const approved = (bytes: Uint8Array, context: ReviewContext, steps: Steps): Approval => {
  const review = timed(steps, 'review', () => reviewPsbt(bytes, context));
  return approve(review, bytes, review.findings.filter(({ severity }) => severity === 'acknowledge').map(({ code }) => code));
};

/** One signer, from the file to its reply; `sign` is what signing costs in all, `signAlone` without the second implementation. */
function reply(bytes: Uint8Array, steps: Steps, context: () => ReviewContext, sign: (approval: Approval, curves: Curves) => Parameters<typeof encodePsbt>[0]): Uint8Array {
  inAnotherProcess();
  const approval = approved(bytes, context(), steps);
  timed(steps, 'signAlone', () => encodePsbt(sign(approval, alone)));
  inAnotherProcess();
  return timed(steps, 'sign', () => encodePsbt(sign(approval, both)));
}

function finish(steps: Steps, finalized: FinalizedPsbt): void {
  const { bytes } = timed(steps, 'extract', () => extractTransaction(finalized));
  if (bytes.length === 0) throw new Error('nothing was extracted');
}

function cosigned({ wallet, seeds }: BenchCase): (unsigned: Uint8Array, steps: Steps) => void {
  const signers = seeds.slice(0, 2).map((seed) => {
    const registration = registerWallet(SigningKey.fromSeed(seed, 'regtest'), wallet, policyIdOf(wallet).words);
    return { seed, registration };
  });
  return (unsigned, steps) => {
    const perKey: Steps = {};
    const replies = signers.map(({ seed, registration }) => {
      const key = SigningKey.fromSeed(seed, 'regtest');
      const registered: RegisteredWallet = verifyRegistration(key, registration);
      const context: ReviewContext = { wallets: [{ walletId: registered.policyId.walletId, deriver: registered.deriver }], network: 'regtest', thisKey: key };
      return reply(unsigned, perKey, () => context, (approval, curves) => signPsbt(approval, key, curves, [registered]));
    });
    for (const [name, samples] of Object.entries(perKey)) (steps[name] ??= []).push(samples.reduce((sum, sample) => sum + sample, 0));
    inAnotherProcess();
    const deriver = createAddressDeriver(wallet);
    const { psbt } = timed(steps, 'combine', () => combinePsbts(replies.map((bytes) => decodePsbt(bytes)), deriver));
    finish(steps, timed(steps, 'finalize', () => finalizePsbt(psbt, deriver)));
  };
}

function single({ inputs, order }: BenchCase): (unsigned: Uint8Array, steps: Steps) => void {
  const privateKeys = new Map(inputs.flatMap(({ single: key }) => (key === null ? [] : [[toHex(key.privateKey), key.privateKey] as const])));
  const keys = [...privateKeys.values()].map((privateKey) => new PaperKey({ privateKey, compressed: true }, 'regtest', 'wif'));
  return (unsigned, steps) => {
    const context: ReviewContext = { wallets: [], singleKeys: keys, network: 'regtest', thisKey: null };
    const signed = reply(unsigned, steps, () => context, (approval, curves) => signWithPaperKeys(approval, keys, curves));
    if (order.inputs === 0) throw new Error('nothing to finalize');
    inAnotherProcess();
    finish(steps, timed(steps, 'finalize', () => finalizeSingleKeys(decodePsbt(signed))));
  };
}

const unsigned = build();
writeFileSync(task.psbtFile, toHex(unsigned));
if (task.electrumFile !== null) {
  const cosigners = bench.seeds.slice(0, 2).map((seed, position) => {
    const { script } = bench.order;
    return { xprv: accountOf(seed, script).toBase58(), derivation: `m/${originOf(script).replaceAll('h', "'")}`, fingerprint: bench.wallet.cosigners[position]?.record.masterFingerprint };
  });
  writeFileSync(task.electrumFile, JSON.stringify({ psbt: toHex(unsigned), rounds: task.rounds, cosigners }));
}
const path = isCosigned(bench.order.script) ? cosigned(bench) : single(bench);
const result = runRounds(task, (steps) => {
  timed(steps, 'build', build);
  timed(steps, 'parse', () => decodePsbt(unsigned));
  path(unsigned, steps);
});
writeFileSync(task.resultFile, JSON.stringify({ ...result, psbtBytes: unsigned.length }));
