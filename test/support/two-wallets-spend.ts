/** A payment that draws on two wallets of different people: 2-of-3 of Alice, Bob and Carol, and Dave's own. */
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import { createPsbt } from '../../src/psbt/creator.ts';
import { updatePsbt } from '../../src/psbt/updater.ts';
import { accountKeyRecord } from '../../src/signer/account-key.ts';
import { createAddressDeriver, type DerivedAddress } from '../../src/wallet/address.ts';
import { createWallet, type Wallet } from '../../src/wallet/wallet.ts';
import { keyOf, walletOf } from '../unit/signer/fixtures.ts';
import { fundingOf } from '../unit/signer/spend-fixture.ts';

export const treasury: Wallet = walletOf();
export const daves: Wallet = createWallet({ name: 'Petty cash', network: 'regtest', script: 'p2wpkh', required: 1, cosigners: [{ label: 'dave', record: accountKeyRecord(keyOf('dave'), 'p2wpkh', 0) }] });

/** 100,000 and 90,000 sats of the treasury, 80,000 of Dave's; 200,000 leave, the treasury gets 69,000 back; the fee is 1,000. */
export function twoWalletsSpend(): Uint8Array {
  const ofTreasury = createAddressDeriver(treasury);
  const fundings = [fundingOf(ofTreasury, [100_000n, 90_000n]), fundingOf(createAddressDeriver(daves), [80_000n])] as const;
  const change = ofTreasury.derive(1, 3);
  const inputs = fundings.flatMap(({ txid, bytes, derived }) => derived.map((own, vout) => ({ txid, vout, bytes, own })));
  const created = createPsbt({
    inputs: inputs.map(({ txid, vout }) => ({ txid, vout, sequence: 0xffff_ffff })),
    outputs: [{ scriptPubKey: Uint8Array.from([0x00, 0x14, ...new Uint8Array(20).fill(7)]), amountSats: 200_000n }, { scriptPubKey: change.scriptPubKey, amountSats: 69_000n }],
    locktime: 0,
  });
  return encodePsbt(updatePsbt(created, { inputs: inputs.map(({ bytes, own }) => ({ previousTransaction: bytes, derived: own as DerivedAddress })), outputs: [{}, { derived: change }] }));
}
