import { describe, expect, test } from 'vitest';
import { walletScripts, type WalletScript } from '../../../src/domain/wallet-script.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { mergeMessagePsbts, messageSignatureText } from '../../../src/psbt/messages/message-psbt.ts';
import { verifyMessage } from '../../../src/psbt/messages/verify-message.ts';
import { reviewPsbt } from '../../../src/review/review-psbt.ts';
import { accountKeyRecord } from '../../../src/signer/account-key.ts';
import { registerWallet, verifyRegistration, type RegisteredWallet } from '../../../src/signer/registration.ts';
import { signMessage } from '../../../src/signer/sign-message.ts';
import { policyIdOf } from '../../../src/wallet/policy-id.ts';
import { createWallet, type Wallet } from '../../../src/wallet/wallet.ts';
import { libsecp256k1 } from '../../../src/signer/curve-libsecp256k1.ts';
import { nobleCurves as noble } from '../../../src/signer/curve-noble.ts';
import { keyOf } from './fixtures.ts';

const bothCurves = { first: libsecp256k1, second: noble };

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const names = ['alice', 'bob', 'carol'] as const;
const isQuorum = (script: WalletScript): boolean => ['p2sh', 'p2sh-p2wsh', 'p2wsh', 'p2tr-multi'].includes(script);

function walletOf(script: WalletScript): Wallet {
  const holders = isQuorum(script) ? names : names.slice(0, 1);
  return createWallet({ name: 'Treasury', network: 'regtest', script, required: isQuorum(script) ? 2 : 1, cosigners: holders.map((name) => ({ label: name, record: accountKeyRecord(keyOf(name, 'regtest'), script, 0) })) });
}

function registered(wallet: Wallet, name: (typeof names)[number]): RegisteredWallet {
  const key = keyOf(name, 'regtest');
  return verifyRegistration(key, registerWallet(key, wallet, policyIdOf(wallet).words));
}

const place = { branch: 0, index: 3, message: 'We hold this address.\n2026-11-23' } as const;

describe.each(walletScripts.map((script) => ({ script })))('$script', ({ script }) => {
  const wallet = walletOf(script);
  const alice = registered(wallet, 'alice');

  test('BIP322: its cosigners sign a message for an address, one after the other, and anybody can verify it', () => {
    let done = signMessage(keyOf('alice', 'regtest'), alice, place, [], bothCurves);
    expect(done.stillNeeded).toBe(isQuorum(script) ? 1 : 0);
    if (isQuorum(script)) {
      expect(done.signature).toBeNull();
      done = signMessage(keyOf('carol', 'regtest'), registered(wallet, 'carol'), place, [decodePsbt(done.psbtBytes)], bothCurves);
    }
    const signature = done.signature as string;
    expect(signature.slice(0, 3)).toBe(['p2wpkh', 'p2wsh', 'p2tr', 'p2tr-multi'].includes(script) ? 'smp' : 'ful');
    expect(verifyMessage(done.address, place.message, signature, 'regtest')).toMatchObject({ state: 'valid' });
    expect(verifyMessage(done.address, `${place.message} `, signature, 'regtest')).toMatchObject({ state: 'invalid' });
    expect(verifyMessage(alice.deriver.derive(0, 4).address, place.message, signature, 'regtest')).toMatchObject({ state: 'invalid' });
    // The Companion comes to the same from the file alone.
    expect(messageSignatureText(mergeMessagePsbts(alice.deriver.derive(0, 3), place.message, [decodePsbt(done.psbtBytes)], alice.deriver), alice.deriver)).toBe(signature);
  });

  test('what is signed for a message is never taken for a payment: the review refuses it', () => {
    const { psbtBytes } = signMessage(keyOf('alice', 'regtest'), alice, place, [], bothCurves);
    const review = reviewPsbt(psbtBytes, { wallets: [{ walletId: 'w', deriver: alice.deriver }], network: 'regtest', thisKey: null });
    expect(review.verdict).toBe('refused');
    expect(review.findings.map((finding) => finding.code)).toContain('tx.version');
  });

  test('a file of another message or address, and a second signature of one key, are refused', () => {
    const { psbtBytes } = signMessage(keyOf('alice', 'regtest'), alice, place, [], bothCurves);
    const file = decodePsbt(psbtBytes);
    expect(() => signMessage(keyOf('alice', 'regtest'), alice, { ...place, message: 'another' }, [file], bothCurves)).toThrow(code('message.other'));
    expect(() => signMessage(keyOf('alice', 'regtest'), alice, { ...place, index: 4 }, [file], bothCurves)).toThrow(code('message.other'));
    expect(() => signMessage(keyOf('alice', 'regtest'), alice, place, [file], bothCurves)).toThrow(code('sign.nothing'));
  });
});

test('a message longer than a person reads is refused by name', () => {
  const alice = registered(walletOf('p2wsh'), 'alice');
  expect(() => signMessage(keyOf('alice', 'regtest'), alice, { ...place, message: 'é'.repeat(5001) }, [], bothCurves)).toThrow(code('message.too-long'));
});

test.each(['', 'smp', 'ful', 'poffoo', 'smp!', 'smpAA==x'])('"%s" is no signature', (text) => {
  expect(() => verifyMessage('bcrt1qxvenxvenxvenxvenxvenxvenxvenxvcptjld29', '', text, 'regtest')).toThrow(code('message.signature-malformed'));
});
