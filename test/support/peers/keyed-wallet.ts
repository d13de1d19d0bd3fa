/** Wallets of every script type with the keys of all their cosigners, registered as Signers register them. */
import { utf8 } from '../../../src/domain/bytes.ts';
import type { NetworkName } from '../../../src/domain/network.ts';
import type { WalletScript } from '../../../src/domain/wallet-script.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import type { Psbt } from '../../../src/psbt/psbt.ts';
import { approve } from '../../../src/review/approve.ts';
import type { FindingCode } from '../../../src/review/finding.ts';
import { reviewPsbt, type ReviewWallet } from '../../../src/review/review-psbt.ts';
import type { Review } from '../../../src/review/review.ts';
import { accountKeyRecord } from '../../../src/signer/account-key.ts';
import { libsecp256k1 } from '../../../src/signer/curve-libsecp256k1.ts';
import { nobleCurves } from '../../../src/signer/curve-noble.ts';
import type { CurveSigner } from '../../../src/signer/ecdsa-signer.ts';
import { registerWallet, verifyRegistration, type RegisteredWallet } from '../../../src/signer/registration.ts';
import { signPsbt } from '../../../src/signer/sign.ts';
import { SigningKey } from '../../../src/signer/signing-key.ts';
import { createAddressDeriver, type AddressDeriver } from '../../../src/wallet/address.ts';
import { policyIdOf } from '../../../src/wallet/policy-id.ts';
import { createWallet, type Wallet } from '../../../src/wallet/wallet.ts';

export interface KeyedWallet {
  readonly wallet: Wallet;
  readonly deriver: AddressDeriver;
  readonly reviewWallet: ReviewWallet;
  /** In the cosigners' order. */
  readonly keys: readonly SigningKey[];
  /** The wallet as registered with each of its keys; all share one deriver, so that an address is derived once. */
  readonly registered: readonly RegisteredWallet[];
}

export interface KeyedWalletShape {
  readonly script: WalletScript;
  readonly required: number;
  readonly total: number;
  /** Number of its first key; the others count on from there. */
  readonly firstKey: number;
  readonly network?: NetworkName;
  readonly account?: number;
}

const knownKeys = new Map<string, SigningKey>();

/** 48 bytes. */
export const numberedSeed = (number: number): Uint8Array => utf8(`strongroom numbered test key ${number}`.padEnd(48, '.'));

/** A key that depends on nothing but its number. */
export function numberedKey(number: number, network: NetworkName = 'regtest'): SigningKey {
  const name = `${network} ${number}`;
  const key = knownKeys.get(name) ?? SigningKey.fromSeed(numberedSeed(number), network);
  knownKeys.set(name, key);
  return key;
}

export function keyedWallet({ script, required, total, firstKey, network = 'regtest', account = 0 }: KeyedWalletShape): KeyedWallet {
  const keys = Array.from({ length: total }, (_, position) => numberedKey(firstKey + position, network));
  const wallet = createWallet({
    name: `${script} ${required} of ${total}`,
    network,
    script,
    required,
    cosigners: keys.map((key, position) => ({ label: `Key ${firstKey + position}`, record: accountKeyRecord(key, script, account) })),
  });
  const deriver = createAddressDeriver(wallet);
  const { walletId, words } = policyIdOf(wallet);
  return {
    wallet, deriver, keys,
    reviewWallet: { walletId, deriver },
    registered: keys.map((key) => ({ ...verifyRegistration(key, registerWallet(key, wallet, words)), deriver })),
  };
}

/** Reviews as the Signer of this key does, with these wallets registered. */
export function reviewAs(key: SigningKey, wallets: readonly KeyedWallet[], psbt: Uint8Array, tipHeight?: number): Review {
  return reviewPsbt(psbt, {
    wallets: wallets.map(({ reviewWallet }) => reviewWallet),
    network: key.network,
    thisKey: { fingerprint: key.fingerprint, publicKeyAt: (path) => key.publicKeyAt(path) },
    ...(tipHeight === undefined ? {} : { tipHeight }),
  });
}

/** Signs what was reviewed, with two implementations of the curve, as the Signer does. */
export function signAs(key: SigningKey, wallets: readonly KeyedWallet[], review: Review, psbt: Uint8Array, acknowledged: readonly FindingCode[] = [], first: CurveSigner = libsecp256k1): Uint8Array {
  const registered = wallets.flatMap((each) => each.registered.filter((_, position) => each.keys[position] === key));
  return encodePsbt(signPsbt(approve(review, psbt, acknowledged), key, { first, second: nobleCurves }, registered) as Psbt);
}
