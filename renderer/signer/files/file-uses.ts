import type { FileUses } from '../../files/files-state.ts';
import type { SignerContext } from '../context.ts';
import { keysActions } from '../keys/keys-actions.ts';
import { keysThatCanSign, signActions } from '../sign/sign-actions.ts';
import { walletsActions } from '../wallets/wallets-actions.ts';

/** What the Signer does with files that a person opens or drops. */
export function fileUses(context: SignerContext): FileUses {
  return {
    psbt: {
      name: 'Review',
      take: (files) => {
        context.go('sign');
        const [key] = keysThatCanSign(context);
        // Without a key that can sign, the workspace says what is missing; the file waits where it is.
        if (key !== undefined) void signActions(context).takeFiles(files, key.facts.keyHandle);
      },
    },
    wallet: {
      name: 'Compare and register',
      take: (files) => {
        context.go('wallets');
        void walletsActions(context).takeWallet(files);
      },
    },
    key: {
      name: 'Put on the shelf',
      take: (files) => {
        context.go('keys');
        void keysActions(context).addKeyFiles(files);
      },
    },
    registration: null, 'key-record': null, transaction: null, payments: null,
  };
}
