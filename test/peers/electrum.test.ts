import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PracticeChain } from '../../src/companion/practice/practice-chain.ts';
import { combinePsbts } from '../../src/psbt/combiner.ts';
import { createPsbt } from '../../src/psbt/creator.ts';
import { decodePsbt } from '../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import { extractTransaction } from '../../src/psbt/extractor.ts';
import { finalizePsbt } from '../../src/psbt/finalizer.ts';
import { updatePsbt } from '../../src/psbt/updater.ts';
import { coldKeys } from '../support/peers/cold-keys.ts';
import { startElectrum, type ElectrumPeer } from '../support/peers/electrum.ts';
import { testSigner } from '../support/peers/signer.ts';
import { toHex } from '../../src/domain/bytes.ts';
import { formatExtendedPublicKey } from '../../src/wallet/extended-public-key.ts';
import { chainOf, mine, p2wpkh, rewardOf, spend } from '../unit/practice/spenders.ts';

/** Electrum holds the second of three keys. */
const cold = coldKeys('regtest', 1);
const { deriver, wallet } = cold;
const ours = testSigner(cold.seeds[0] as Uint8Array, wallet);
const [, second] = wallet.cosigners;

/** A chain on which receive 0 and 1 of the wallet hold money, to try final transactions on. */
function fundedChain(): { readonly chain: PracticeChain; readonly funding: Uint8Array; readonly txid: string } {
  const chain = chainOf(110);
  const coins = [rewardOf(chain, 1)];
  const transaction = spend({
    coins,
    outputs: [
      { script: deriver.derive(0, 0).scriptPubKey, sats: 3_000_000_000n },
      { script: deriver.derive(0, 1).scriptPubKey, sats: 1_999_990_000n },
    ],
  });
  expect(chain.accept(transaction.toBuffer()).accepted).toBe(true);
  mine(chain);
  return { chain, funding: transaction.toBuffer(), txid: transaction.getId() };
}

describe.each([['with key origins in its wallet file', true], ['without key origins in its wallet file', false]] as const)('Electrum %s', (_, withOrigins) => {
  let electrum: ElectrumPeer;
  const { chain, funding, txid } = fundedChain();

  beforeAll(() => {
    electrum = startElectrum(2, wallet.cosigners.map(({ record }, position) => ({
      xpub: formatExtendedPublicKey(record.key, 'regtest'),
      xprv: position === 1 ? (cold.accountKeys[1] as string) : null,
      origin: withOrigins ? { fingerprint: record.masterFingerprint, derivation: "m/48'/1'/0'/2'" } : null,
    })));
  });
  afterAll(() => electrum?.remove());

  /** Both coins to a stranger, with change to our change 0. */
  const unsigned = (): Uint8Array => {
    const change = deriver.derive(1, 0);
    const created = createPsbt({
      inputs: [0, 1].map((vout) => ({ txid, vout, sequence: 0xffff_fffd })),
      outputs: [{ scriptPubKey: p2wpkh.scriptPubKey, amountSats: 4_000_000_000n }, { scriptPubKey: change.scriptPubKey, amountSats: 999_980_000n }],
      locktime: 0,
    });
    return encodePsbt(updatePsbt(created, { inputs: [0, 1].map((index) => ({ previousTransaction: funding, derived: deriver.derive(0, index) })), outputs: [{}, { derived: change }] }));
  };
  /** Whether a chain takes the transaction that these replies make. */
  const finalOf = (replies: readonly Uint8Array[]): { readonly accepted: boolean; readonly feeSats: bigint } => {
    const { psbt, quorum } = combinePsbts(replies.map(decodePsbt), deriver);
    expect(quorum).toMatchObject({ required: 2, total: 3, stillNeeded: 0 });
    expect([...quorum.signed].sort()).toEqual([wallet.cosigners[0]?.record.masterFingerprint, second?.record.masterFingerprint].sort());
    const final = extractTransaction(finalizePsbt(psbt, deriver));
    return { accepted: chain.test(final.bytes).accepted, feeSats: final.feeSats };
  };

  test('derives the same addresses', () => {
    expect(electrum.receive).toEqual(electrum.receive.map((_address, index) => deriver.derive(0, index).address));
    expect(electrum.change).toEqual(electrum.change.map((_address, index) => deriver.derive(1, index).address));
    expect(electrum.receive.length + electrum.change.length).toBe(30);
  });

  test('co-signs our PSBT; its reply and ours combine, in either order', () => {
    const psbt = unsigned();
    const theirs = electrum.sign(psbt);
    const mine = ours.sign(psbt);
    expect(finalOf([mine, theirs])).toEqual({ accepted: true, feeSats: 10_000n });
    expect(finalOf([theirs, mine])).toEqual({ accepted: true, feeSats: 10_000n });
  });

  test('its reply alone is one signature of two, by its own key', () => {
    const { quorum } = combinePsbts([decodePsbt(unsigned()), decodePsbt(electrum.sign(unsigned()))], deriver);
    expect(quorum).toMatchObject({ signed: [second?.record.masterFingerprint], stillNeeded: 1 });
  });

  test('signs after us, and makes the same final transaction as we do', () => {
    const psbt = unsigned();
    const first = ours.sign(psbt);
    const theirs = electrum.sign(first);
    expect(chain.test(theirs)).toMatchObject({ accepted: true, feeSats: 10_000n });
    const { psbt: combined } = combinePsbts([first, electrum.sign(psbt)].map(decodePsbt), deriver);
    expect(toHex(theirs)).toBe(toHex(extractTransaction(finalizePsbt(combined, deriver)).bytes));
  });

  test('we sign after it, and the review refuses nothing', () => {
    const theirs = electrum.sign(unsigned());
    const review = ours.review(theirs);
    expect(review.findings.filter((finding) => finding.severity === 'refuse')).toEqual([]);
    expect(review.quorum.signed).toEqual([second?.record.masterFingerprint]);
    expect(finalOf([ours.sign(theirs)])).toEqual({ accepted: true, feeSats: 10_000n });
  });

  test('makes a payment of its own, which we review and co-sign', () => {
    electrum.addTransaction(funding);
    const theirs = electrum.pay('bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080', '35', '0.0001');
    const review = ours.review(theirs);
    expect(review.findings.filter((finding) => finding.severity === 'refuse')).toEqual([]);
    expect(review.payments).toMatchObject([{ address: 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080', amountSats: 3_500_000_000n }]);
    expect(review.change).toMatchObject([{ amountSats: 1_499_980_000n, branch: 1, childIndex: 0 }]);
    expect(review.feeSats).toBe(10_000n);
    const acknowledged = review.findings.filter((finding) => finding.severity === 'acknowledge').map((finding) => finding.code);
    mine(chain, 5);
    expect(finalOf([ours.sign(theirs, acknowledged)])).toEqual({ accepted: true, feeSats: 10_000n });
  });
});

