/** Wallets of every script type with real keys, registered as a Signer registers them, for the attacker's honest starting points. */
import { utf8 } from '../../../src/domain/bytes.ts';
import { formatPath } from '../../../src/domain/derivation-path.ts';
import type { Psbt } from '../../../src/psbt/psbt.ts';
import type { Approval } from '../../../src/review/approve.ts';
import type { ReviewKey, ReviewWallet } from '../../../src/review/review-psbt.ts';
import { libsecp256k1 } from '../../../src/signer/curve-libsecp256k1.ts';
import { nobleCurves } from '../../../src/signer/curve-noble.ts';
import type { Curves } from '../../../src/signer/ecdsa-signer.ts';
import { registerWallet, verifyRegistration, type RegisteredWallet } from '../../../src/signer/registration.ts';
import { signPsbt } from '../../../src/signer/sign.ts';
import { SigningKey } from '../../../src/signer/signing-key.ts';
import { createAddressDeriver, type AddressDeriver } from '../../../src/wallet/address.ts';
import { isQuorumScript, type WalletScript } from '../../../src/domain/wallet-script.ts';
import { policyIdOf } from '../../../src/wallet/policy-id.ts';
import { testWallet, type TestKey, type TestWallet } from '../../unit/support/psbt-builder.ts';

export const curves: Curves = { first: libsecp256k1, second: nobleCurves };

export interface Treasury extends TestWallet {
  readonly required: number;
  readonly total: number;
  readonly script: WalletScript;
  /** Such as `2-of-3 p2wsh`; of one key the script alone. */
  readonly name: string;
  /** The number of its first test key: further keys count on from there. */
  readonly firstKey: number;
  readonly reviewWallet: ReviewWallet;
  readonly cosigner: (position: number) => Cosigner;
}

/** A key as the Signer holds it, and as a review asks it. */
export interface Cosigner {
  readonly key: SigningKey;
  readonly test: TestKey;
  readonly reviewKey: ReviewKey;
}

const signingKeys = new Map<number, Cosigner>();

/** The Signer's side of `testKey(number)`. Public keys are remembered: what a path leads to does not change. */
export function cosignerOf(number: number, test: TestKey): Cosigner {
  const known = signingKeys.get(number);
  if (known !== undefined) return known;
  const key = SigningKey.fromSeed(utf8(`strongroom test key ${number}`.padEnd(32, '.')), 'regtest');
  if (key.fingerprint !== test.fingerprint) throw new Error('the test key and the signing key are not the same');
  const made = { key, test, reviewKey: remembering(key) };
  signingKeys.set(number, made);
  return made;
}

function remembering(key: SigningKey): ReviewKey {
  const known = new Map<string, Uint8Array>();
  return {
    fingerprint: key.fingerprint,
    publicKeyAt(path) {
      const text = formatPath(path);
      const publicKey = known.get(text) ?? key.publicKeyAt(path);
      known.set(text, publicKey);
      return publicKey;
    },
  };
}

const treasuries = new Map<string, Treasury>();

/** An m-of-n wallet of the test keys from `firstKey` on; always the same one, so that its addresses are derived once. */
export function treasury(required: number, total: number, script: WalletScript = 'p2wsh', firstKey = 1): Treasury {
  const id = `${required}-of-${total} ${script} from key ${firstKey}`;
  const known = treasuries.get(id);
  if (known !== undefined) return known;
  const test = testWallet(required, total, 'regtest', firstKey, script);
  const { walletId } = policyIdOf(test.wallet);
  const made: Treasury = {
    ...test, walletId, required, total, script, firstKey,
    name: isQuorumScript(script) ? `${required}-of-${total} ${script}` : script,
    reviewWallet: { walletId, deriver: test.deriver },
    cosigner: (position) => cosignerOf(firstKey + position, test.keys[position] as TestKey),
  };
  treasuries.set(id, made);
  return made;
}

const registrations = new Map<string, RegisteredWallet>();

/** The registrations of a key, with the derivers that the treasuries share. */
export function registrationsOf({ key }: Cosigner, wallets: readonly Treasury[]): RegisteredWallet[] {
  return wallets.map(({ wallet, walletId, deriver }) => {
    const id = `${key.fingerprint} ${walletId}`;
    const known = registrations.get(id) ?? { ...verifyRegistration(key, registerWallet(key, wallet, policyIdOf(wallet).words)), deriver };
    registrations.set(id, known);
    return known;
  });
}

export const signAs = (cosigner: Cosigner, wallets: readonly Treasury[], approval: Approval): Psbt => signPsbt(approval, cosigner.key, curves, registrationsOf(cosigner, wallets));

/** A wallet of this script type that nobody here has registered. */
export const strangers = (script: WalletScript = 'p2wsh'): Treasury => (isQuorumScript(script) ? treasury(2, 3, script, 50) : treasury(1, 1, script, 50));

const altered = new Map<string, AddressDeriver>();
const derivedAnew = (wallet: Treasury, what: string, change: Partial<Treasury['wallet']>): AddressDeriver => {
  const id = `${wallet.walletId} ${what}`;
  const made = altered.get(id) ?? createAddressDeriver({ ...wallet.wallet, ...change });
  altered.set(id, made);
  return made;
};
/** The same keys under a quorum of one. */
export const lowered = (wallet: Treasury): AddressDeriver => derivedAnew(wallet, 'lowered', { required: 1 });
/** The same keys and quorum in outputs of another script type. */
export const inScript = (wallet: Treasury, script: WalletScript): AddressDeriver => derivedAnew(wallet, script, { script });
/** The same wallet with its last cosigner exchanged for a stranger. */
export function mixed(wallet: Treasury): AddressDeriver | null {
  const thief = strangers().wallet.cosigners[0];
  if (wallet.total < 2 || thief === undefined) return null;
  return derivedAnew(wallet, 'mixed', { cosigners: [...wallet.wallet.cosigners.slice(0, -1), thief] });
}
