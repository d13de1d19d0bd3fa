import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { combinePsbts } from '../../../src/psbt/combiner.ts';
import { extractTransaction } from '../../../src/psbt/extractor.ts';
import { finalizePsbt } from '../../../src/psbt/finalizer.ts';
import type { CombinedPsbt, FinalizedPsbt, Psbt } from '../../../src/psbt/psbt.ts';
import { finalizeSingleKeys } from '../../../src/psbt/single-key-finalizer.ts';
import { serializeTransaction, txidOfHash } from '../../../src/psbt/transaction.ts';
import { reviewPsbt } from '../../../src/review/review-psbt.ts';
import { cold, testPaper } from '../../unit/support/paper-sweep-builder.ts';
import { contextOf } from '../../unit/support/psbt-builder.ts';
import { expectThat, sameBytes, unlessRefused, type Target } from '../engine/target.ts';
import { joinFiles, mutateFiles, mutatePsbt, splitFiles } from '../mutation/psbt.ts';
import { honestFinals, honestPsbts, honestSets, honestSweeps, publishedPsbts, seedWallet } from '../seeds.ts';
import { FreshDerivers } from './fresh-derivers.ts';

const derivers = new FreshDerivers(seedWallet.deriver);
const coldDerivers = new FreshDerivers(cold.deriver);
const papers = [1, 2, 3, 4, 5, 6].map((number) => testPaper(number, number !== 5));

/** The library's reader agrees with ours about a transaction that both take. It reads one without inputs in its own way. */
function agreesWithLibrary(psbt: Psbt): void {
  const { transaction } = psbt;
  if (transaction.ins.length === 0) return;
  const bytes = serializeTransaction(transaction, false);
  expectThat(sameBytes(Transaction.fromBuffer(bytes).toBuffer(), bytes), 'the library reads the unsigned transaction as another one');
}

export const decodeTarget: Target = {
  name: 'decode',
  share: 8000,
  maxBytes: 65_536,
  seeds: () => [...honestPsbts, ...honestSweeps, ...honestFinals, ...publishedPsbts()],
  mutate: mutatePsbt,
  run(input) {
    const given = input.slice();
    const psbt = unlessRefused(() => decodePsbt(input));
    expectThat(sameBytes(input, given), 'decoding wrote to what it was given');
    if (psbt === undefined) return false;
    expectThat(sameBytes(encodePsbt(psbt), input), 'what was read is not written back byte for byte');
    survivesVersions(psbt);
    agreesWithLibrary(psbt);
    return true;
  },
};

/** In either version it is read as the same transaction, with the same maps. */
function survivesVersions(psbt: Psbt): void {
  const other = psbt.version === 0 ? 2 : 0;
  const written = encodePsbt(psbt, { version: other });
  const again = unlessRefused(() => decodePsbt(written));
  expectThat(again !== undefined, 'what was read cannot be read in the other version');
  expectThat(again.version === other, 'it was written in another version than asked for');
  expectThat(sameBytes(serializeTransaction(again.transaction, false), serializeTransaction(psbt.transaction, false)), 'the other version is of another transaction');
  expectThat(sameBytes(encodePsbt(again), written), 'the other version is not written back byte for byte');
}

/** Facts of a review that is not refused, checked once more by the library alone. */
function requireHonestAmounts(psbt: Psbt, review: ReturnType<typeof reviewPsbt>): void {
  expectThat(review.inputsSats === review.paymentsSats + review.changeSats + review.feeSats, 'inputs are not payments, change and fee together');
  expectThat(review.feeSats >= 0n, 'a transaction that can be signed has a negative fee');
  let sum = 0n;
  for (const [index, input] of psbt.inputs.entries()) {
    const outpoint = psbt.transaction.ins[index] as Transaction['ins'][number];
    const stated = input.nonWitnessUtxo === undefined ? undefined : Transaction.fromBuffer(input.nonWitnessUtxo);
    if (stated !== undefined) expectThat(stated.getId() === txidOfHash(outpoint.hash), 'an amount was proven by another transaction');
    const spent = stated?.outs[outpoint.index]?.value ?? input.witnessUtxo?.amountSats;
    expectThat(spent !== undefined, 'an amount was proven by nothing');
    sum += spent;
  }
  expectThat(sum === review.inputsSats, 'the inputs are worth something else');
  const paid = psbt.transaction.outs.reduce((total, output) => total + output.value, 0n);
  expectThat(paid === review.paymentsSats + review.changeSats, 'the outputs are worth something else');
}

function reviewTarget(name: string, seeds: () => readonly Uint8Array[], contextNow: () => Parameters<typeof reviewPsbt>[1]): Target {
  return {
    name,
    share: 200,
    maxBytes: 32_768,
    seeds,
    mutate: mutatePsbt,
    run(input) {
      const psbt = unlessRefused(() => decodePsbt(input));
      const context = contextNow();
      if (psbt === undefined) {
        expectThat(unlessRefused(() => reviewPsbt(input, context)) === undefined, 'what is not read was reviewed');
        return false;
      }
      // After decoding nothing in a file may make it throw, not even an error with a name.
      const review = reviewPsbt(input, context);
      if (review.verdict === 'refused') return false;
      requireHonestAmounts(psbt, review);
      expectThat(sameBytes(encodePsbt(decodePsbt(encodePsbt(psbt))), encodePsbt(psbt)), 'what can be signed does not survive being written');
      for (const change of review.change) {
        expectThat(sameBytes(seedWallet.deriver.derive(change.branch, change.childIndex).scriptPubKey, psbt.transaction.outs[change.index]?.script as Uint8Array), 'change is not the wallet\'s');
      }
      return true;
    },
  };
}

export const reviewTargets: readonly Target[] = [
  reviewTarget('review', () => [...honestPsbts, ...publishedPsbts().slice(0, 40)], () => contextOf({ ...seedWallet, deriver: derivers.next() })),
  reviewTarget('review-sweep', () => [...honestSweeps, ...honestPsbts], () => ({ wallets: [], singleKeys: papers, destinations: [{ walletId: cold.walletId, deriver: coldDerivers.next() }], network: 'regtest', thisKey: null })),
];

export const combineTarget: Target = {
  name: 'combine',
  share: 120,
  maxBytes: 32_768,
  seeds: () => [...honestSets, ...honestPsbts.map((psbt) => [psbt]), ...honestFinals.flatMap((final) => [[final], [final, ...(honestSets[1] ?? [])]])].map(joinFiles),
  mutate: mutateFiles,
  run(input) {
    const psbts = splitFiles(input).flatMap((file) => unlessRefused(() => decodePsbt(file)) ?? []);
    if (psbts.length === 0) return false;
    const deriver = derivers.next();
    const combined = unlessRefused(() => combinePsbts(psbts, deriver));
    const backwards = unlessRefused(() => combinePsbts([...psbts].reverse(), deriver));
    expectThat((combined === undefined) === (backwards === undefined), 'whether files combine depends on their order');
    if (combined === undefined || backwards === undefined) return false;
    const bytes = encodePsbt(combined.psbt);
    expectThat(sameBytes(bytes, encodePsbt(backwards.psbt)), 'what files combine to depends on their order');
    expectThat(sameBytes(encodePsbt(decodePsbt(bytes)), bytes), 'what was combined does not survive being written');
    expectThat(sameBytes(encodePsbt(combinePsbts([decodePsbt(bytes)], deriver).psbt), bytes), 'what was combined is combined to something else');
    for (const signed of combined.quorum.signed) expectThat(seedWallet.keys.some((key) => key.fingerprint === signed), 'a stranger counts as a cosigner');
    const final = unlessRefused(() => extractTransaction(finalizePsbt(combined.psbt, deriver)));
    if (final !== undefined) requireSameTransaction(psbts[0] as Psbt, final);
    return true;
  },
};

export const finalizeTarget: Target = {
  name: 'finalize',
  share: 200,
  maxBytes: 32_768,
  seeds: () => [...honestPsbts, ...honestSweeps, ...honestFinals, ...publishedPsbts().slice(0, 60)],
  mutate: mutatePsbt,
  run(input) {
    const psbt = unlessRefused(() => decodePsbt(input));
    if (psbt === undefined) return false;
    const attempts = [() => finalizePsbt(psbt as CombinedPsbt, derivers.next()), () => finalizeSingleKeys(psbt), () => psbt as FinalizedPsbt];
    let extracted = 0;
    for (const attempt of attempts) {
      const final = unlessRefused(() => extractTransaction(attempt()));
      if (final === undefined) continue;
      requireSameTransaction(psbt, final);
      extracted += 1;
    }
    return extracted > 0;
  },
};

/** What is broadcast is what was in the file, as the library reads it too. */
function requireSameTransaction(psbt: Psbt, final: ReturnType<typeof extractTransaction>): void {
  const read = Transaction.fromBuffer(final.bytes);
  expectThat(sameBytes(read.toBuffer(), final.bytes), 'the library reads the final transaction as another one');
  expectThat(read.getId() === final.txid, 'the library computes another transaction id');
  expectThat(read.virtualSize() === final.vsizeVb, 'the library computes another size');
  for (const input of read.ins) {
    input.script = new Uint8Array(0);
    input.witness = [];
  }
  expectThat(sameBytes(read.toBuffer(), serializeTransaction(psbt.transaction, false)), 'another transaction was extracted');
}
