import type { MessagePlace } from '../../messages/messages-workspace.tsx';
import type { WorkspaceProps } from '../context.ts';

/** Every wallet that is watched: its officers' signatures are brought together here. */
export const messagePlaces = ({ context: { host }, session }: WorkspaceProps): readonly MessagePlace[] =>
  session.wallets.map(({ name, wallet, policy }) => ({
    value: name, name: policy.name, walletName: policy.name, network: policy.network, required: policy.quorum.required, keys: policy.cosigners, thisKey: null,
    make: (form) => host['message.finish']({ wallet, ...form }),
  }));
