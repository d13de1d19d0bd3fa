import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import { createPsbt } from '../../src/psbt/creator.ts';
import { serializeTransaction, transactionId } from '../../src/psbt/transaction.ts';
import { updatePsbt } from '../../src/psbt/updater.ts';
import { accountKeyRecord } from '../../src/signer/account-key.ts';
import { seedOfMnemonic } from '../../src/signer/mnemonic.ts';
import { SigningKey } from '../../src/signer/signing-key.ts';
import { createAddressDeriver } from '../../src/wallet/address.ts';
import { formatWalletFile } from '../../src/wallet/dialects/strongroom.ts';
import { policyIdOf } from '../../src/wallet/policy-id.ts';
import { createWallet } from '../../src/wallet/wallet.ts';

// Published test mnemonics (BIP39); never for money.
const mnemonics = ['abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about', 'legal winner thank year wave sausage worth useful legal winner thank yellow', 'letter advice cage absurd amount doctor acoustic avoid letter advice cage above'] as const;

/** A 2-of-3 wallet whose first cosigner's mnemonic is known, and an unsigned payment out of so many of its outputs. */
export interface LargeSpend {
  readonly mnemonic: string;
  readonly walletFile: string;
  readonly policyId: string;
  readonly psbt: Uint8Array;
}

/** @param scriptSigOf what spends the input of each previous transaction; that of a real one is noise to whoever compresses it */
export function largeSpend(inputs: number, scriptSigOf: (index: number) => Uint8Array = () => new Uint8Array(0)): LargeSpend {
  const keys = mnemonics.map((mnemonic) => SigningKey.fromSeed(seedOfMnemonic(mnemonic, ''), 'regtest'));
  const wallet = createWallet({ name: 'Treasury', network: 'regtest', script: 'p2wsh', required: 2, cosigners: keys.map((key, position) => ({ label: `Cosigner ${position + 1}`, record: accountKeyRecord(key, 'p2wsh', 0) })) });
  const deriver = createAddressDeriver(wallet);
  // A previous transaction of its own for each, as a wallet has that is paid by many.
  const fundings = Array.from({ length: inputs }, (_, index) => {
    const derived = deriver.derive(0, index);
    const transaction = new Transaction();
    transaction.version = 2;
    transaction.ins.push({ hash: new Uint8Array(32).fill(0x11), index, script: scriptSigOf(index), sequence: 0xffff_ffff, witness: [] });
    transaction.outs.push({ script: derived.scriptPubKey, value: 100_000n });
    return { txid: transactionId(transaction), previousTransaction: serializeTransaction(transaction, false), derived };
  });
  const stranger = Uint8Array.from([0x00, 0x14, ...new Uint8Array(20).fill(0x55)]);
  const created = createPsbt({
    inputs: fundings.map(({ txid }) => ({ txid, vout: 0, sequence: 0xffff_ffff })),
    outputs: [{ scriptPubKey: stranger, amountSats: 99_000n * BigInt(inputs) }],
    locktime: 0,
  });
  const psbt = encodePsbt(updatePsbt(created, { inputs: fundings.map(({ previousTransaction, derived }) => ({ previousTransaction, derived })), outputs: [{}] }));
  return { mnemonic: mnemonics[0], walletFile: formatWalletFile(wallet), policyId: policyIdOf(wallet).words, psbt };
}
