import type { MessagePlace } from '../../messages/messages-workspace.tsx';
import type { SignerContext } from '../context.ts';
import { registrationsOf, unlockedKeys } from '../session.ts';

/** Every registered wallet with an open key that registered it. */
export function messagePlaces({ host, session }: SignerContext): readonly MessagePlace[] {
  return registrationsOf(session.state.value).flatMap(({ name, registration, policy, ownKey }) => {
    const key = unlockedKeys(session.state.value).find(({ facts }) => facts.fingerprint === ownKey);
    if (key === undefined) return [];
    const { keyHandle, label } = key.facts;
    return [{
      value: name, name: `${policy.name}, ${label} (${ownKey})`, walletName: policy.name, network: policy.network, required: policy.quorum.required, keys: policy.cosigners, thisKey: ownKey,
      make: (form) => host['message.sign']({ keyHandle, registration, ...form }),
    } satisfies MessagePlace];
  });
}
