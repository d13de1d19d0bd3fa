/** A real Electrum beside us, for every script type that it has wallets of: addresses, signatures, final transactions. */
import { BIP32Factory } from 'bip32';
import * as ecc from 'tiny-secp256k1';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PracticeChain } from '../../src/companion/practice/practice-chain.ts';
import { toHex } from '../../src/domain/bytes.ts';
import { formatPath } from '../../src/domain/derivation-path.ts';
import { keyVersions } from '../../src/domain/network.ts';
import { decodePsbt } from '../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import { combinePsbts } from '../../src/psbt/combiner.ts';
import { createPsbt } from '../../src/psbt/creator.ts';
import { extractTransaction } from '../../src/psbt/extractor.ts';
import { finalizePsbt } from '../../src/psbt/finalizer.ts';
import { updatePsbt } from '../../src/psbt/updater.ts';
import { formatExtendedPublicKey } from '../../src/wallet/extended-public-key.ts';
import { ELECTRUM_COSIGNERS, startElectrum, type ElectrumPeer, type ElectrumScript } from '../support/peers/electrum.ts';
import { keyedWallet, numberedSeed, reviewAs, signAs, type KeyedWallet } from '../support/peers/keyed-wallet.ts';
import { chainOf, mine, p2wpkh, rewardOf, spend } from '../unit/practice/spenders.ts';

const FIRST_KEY = 8_000;
const bip32 = BIP32Factory(ecc);

const shapes: readonly (readonly [name: string, script: ElectrumScript, required: number, total: number])[] = [
  ['P2SH 2-of-3', 'p2sh', 2, 3], [`P2SH 3-of-${ELECTRUM_COSIGNERS}`, 'p2sh', 3, ELECTRUM_COSIGNERS], ['P2SH-P2WSH 2-of-3', 'p2sh-p2wsh', 2, 3],
  ['P2WSH 2-of-3', 'p2wsh', 2, 3], [`P2WSH ${ELECTRUM_COSIGNERS - 1}-of-${ELECTRUM_COSIGNERS}`, 'p2wsh', ELECTRUM_COSIGNERS - 1, ELECTRUM_COSIGNERS],
  ['P2PKH', 'p2pkh', 1, 1], ['P2SH-P2WPKH', 'p2sh-p2wpkh', 1, 1], ['P2WPKH', 'p2wpkh', 1, 1],
];

describe.each(shapes)('%s', (_, script, required, total) => {
  const wallet = keyedWallet({ script, required, total, firstKey: FIRST_KEY });
  const { deriver } = wallet;
  /** Electrum holds the last key. */
  const theirs = total - 1;
  const others = Array.from({ length: required - 1 }, (_each, position) => position);
  let electrum: ElectrumPeer;
  const { chain, funding, txid } = fundedChain(wallet);

  beforeAll(() => {
    electrum = startElectrum(required, wallet.wallet.cosigners.map(({ record }, position) => {
      const derivation = `m/${formatPath(record.path).replaceAll('h', '\'')}`;
      return {
        xpub: formatExtendedPublicKey(record.key, 'regtest'),
        xprv: position === theirs ? bip32.fromSeed(numberedSeed(FIRST_KEY + position), keyVersions('regtest')).derivePath(derivation).toBase58() : null,
        origin: { fingerprint: record.masterFingerprint, derivation },
      };
    }), script);
  });
  afterAll(() => electrum?.remove());

  /** Both coins to a stranger, with change to change 0. */
  const unsigned = (): Uint8Array => {
    const change = deriver.derive(1, 0);
    const created = createPsbt({
      inputs: [0, 1].map((vout) => ({ txid, vout, sequence: 0xffff_fffd })),
      outputs: [{ scriptPubKey: p2wpkh.scriptPubKey, amountSats: 4_000_000_000n }, { scriptPubKey: change.scriptPubKey, amountSats: 999_980_000n }],
      locktime: 0,
    });
    return encodePsbt(updatePsbt(created, { inputs: [0, 1].map((index) => ({ previousTransaction: funding, derived: deriver.derive(0, index) })), outputs: [{}, { derived: change }] }));
  };
  /** Signed by these of ours, in turn. */
  const signedBy = (positions: readonly number[], psbt: Uint8Array): Uint8Array => positions.reduce((given, position) => {
    const key = wallet.keys[position] as KeyedWallet['keys'][number];
    const review = reviewAs(key, [wallet], given);
    expect(review.findings.filter(({ severity }) => severity === 'refuse')).toEqual([]);
    return signAs(key, [wallet], review, given);
  }, psbt);
  const finalOf = (replies: readonly Uint8Array[]) => extractTransaction(finalizePsbt(combinePsbts(replies.map(decodePsbt), deriver).psbt, deriver));

  test('derives the same addresses', () => {
    expect(electrum.receive).toEqual(electrum.receive.map((_address, index) => deriver.derive(0, index).address));
    expect(electrum.change).toEqual(electrum.change.map((_address, index) => deriver.derive(1, index).address));
    expect(electrum.receive.length + electrum.change.length).toBe(30);
  });

  test('signs our PSBT after us, to the very transaction that we make of the signatures', () => {
    const before = signedBy(others, unsigned());
    const made = electrum.sign(before);
    const ours = finalOf([signedBy([theirs], before)]);
    expect(chain.test(made)).toMatchObject({ accepted: true, feeSats: 10_000n });
    expect(toHex(made)).toBe(toHex(ours.bytes));
  });

  // Where one key signs, its reply is the final transaction.
  if (required > 1) test('its reply and ours combine; we sign after it', () => {
    const psbt = unsigned();
    const reply = electrum.sign(psbt);
    for (const replies of [[signedBy(others, psbt), reply], [signedBy(others, reply)]]) {
      const final = finalOf(replies);
      expect(chain.test(final.bytes)).toMatchObject({ accepted: true, feeSats: 10_000n });
    }
  });
});

/** A chain on which receive 0 and 1 of the wallet hold money. */
function fundedChain({ deriver }: KeyedWallet): { readonly chain: PracticeChain; readonly funding: Uint8Array; readonly txid: string } {
  const chain = chainOf(110);
  const outputs = [3_000_000_000n, 1_999_990_000n].map((sats, index) => ({ script: deriver.derive(0, index).scriptPubKey, sats }));
  const transaction = spend({ coins: [rewardOf(chain, 1)], outputs });
  expect(chain.accept(transaction.toBuffer()).accepted).toBe(true);
  mine(chain);
  return { chain, funding: transaction.toBuffer(), txid: transaction.getId() };
}
