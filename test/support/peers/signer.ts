import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import type { Psbt } from '../../../src/psbt/psbt.ts';
import { approve } from '../../../src/review/approve.ts';
import type { FindingCode } from '../../../src/review/finding.ts';
import { reviewPsbt } from '../../../src/review/review-psbt.ts';
import type { Review } from '../../../src/review/review.ts';
import { libsecp256k1 } from '../../../src/signer/curve-libsecp256k1.ts';
import { nobleCurves } from '../../../src/signer/curve-noble.ts';
import { registerWallet, verifyRegistration } from '../../../src/signer/registration.ts';
import { signPsbt } from '../../../src/signer/sign.ts';
import { SigningKey } from '../../../src/signer/signing-key.ts';
import { policyIdOf } from '../../../src/wallet/policy-id.ts';
import type { Wallet } from '../../../src/wallet/wallet.ts';

/** The Signer from review to signature, as its program runs it. */
export interface TestSigner {
  review(psbt: Uint8Array): Review;
  /** Reviews, approves with these findings acknowledged, and signs. */
  sign(psbt: Uint8Array, acknowledged?: readonly FindingCode[]): Uint8Array;
}

/** A Signer with one key that has registered the wallet. */
export function testSigner(seed: Uint8Array, wallet: Wallet): TestSigner {
  const key = SigningKey.fromSeed(seed, wallet.network);
  const registered = verifyRegistration(key, registerWallet(key, wallet, policyIdOf(wallet).words));
  const review = (psbt: Uint8Array): Review =>
    reviewPsbt(psbt, {
      wallets: [{ walletId: registered.policyId.walletId, deriver: registered.deriver }],
      network: wallet.network,
      thisKey: { fingerprint: key.fingerprint, publicKeyAt: (path) => key.publicKeyAt(path) },
    });
  return {
    review,
    sign(psbt, acknowledged = []) {
      const approval = approve(review(psbt), psbt, acknowledged);
      return encodePsbt(signPsbt(approval, key, { first: libsecp256k1, second: nobleCurves }, [registered]) as Psbt);
    },
  };
}

