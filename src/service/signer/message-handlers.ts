import type { Handlers } from '../../host/contract.ts';
import type { signerCoreContract } from '../../host/signer-contract.ts';
import { messageVerified } from '../shared/message-handlers.ts';
import { cosignerAtWork } from './signing/cosigner-at-work.ts';
import type { SigningDesk } from './signing/signing-desk.ts';
import type { UnlockedKeys } from './unlocked-keys.ts';

type MessageHandlers = Pick<Handlers<typeof signerCoreContract>, 'message.sign' | 'message.verify'>;

export const createMessageHandlers = (desk: SigningDesk, keys: UnlockedKeys): MessageHandlers => ({
  'message.sign': async ({ keyHandle, ...message }, context) => {
    keys.use(keyHandle);
    return desk.signMessage({ handles: [keyHandle], job: () => ({ message, signer: cosignerAtWork(keys.use(keyHandle).key, [message.registration]) }) }, context);
  },
  'message.verify': messageVerified,
});
