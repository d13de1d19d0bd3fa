import { registrationFileName } from '../../airgap/file-names.ts';
import type { Handlers } from '../../host/contract.ts';
import type { signerCoreContract } from '../../host/signer-contract.ts';
import { registerWallet, verifyRegistration } from '../../signer/registration.ts';
import { formatRegistration, parseRegistration } from '../../wallet/registration.ts';
import { walletImported } from '../shared/dialect-handlers.ts';
import { readAnyWallet } from '../shared/foreign-wallet.ts';
import { branchOf, walletFacts } from '../shared/wallet-facts.ts';
import type { UnlockedKeys } from './unlocked-keys.ts';

type WalletHandlers = Pick<Handlers<typeof signerCoreContract>, 'wallet.import' | 'wallet.policy' | 'wallet.register' | 'wallet.address'>;

export const createWalletHandlers = (keys: UnlockedKeys): WalletHandlers => ({
  'wallet.import': walletImported,
  'wallet.policy': ({ wallet, ...choices }) => walletFacts(readAnyWallet(wallet, choices)),
  'wallet.register': ({ keyHandle, wallet: walletText, policyId, ...choices }) => {
    const { key } = keys.use(keyHandle);
    // Keys of test networks look alike: where a foreign file does not say which, it is the network of the key.
    const wallet = readAnyWallet(walletText, { ...choices, preferredNetwork: key.network });
    const registration = registerWallet(key, wallet, policyId);
    const facts = walletFacts(wallet);
    return {
      registration: formatRegistration(registration),
      walletId: facts.walletId,
      policyId: facts.policyId,
      quorum: facts.quorum,
      ownKey: key.fingerprint,
      firstReceive: facts.firstReceive,
      firstChange: facts.firstChange,
      suggestedName: registrationFileName(wallet.name, key.fingerprint),
    };
  },
  'wallet.address': ({ keyHandle, registration, branch, index, count }) => {
    const { deriver } = verifyRegistration(keys.use(keyHandle).key, parseRegistration(registration));
    const indices = Array.from({ length: count }, (_, offset) => index + offset);
    return { addresses: indices.map((each) => ({ branch, index: each, address: deriver.derive(branchOf(branch), each).address })) };
  },
});
