import type { Machine } from '../host/machine.ts';
import type { SignerHost } from '../host/client.ts';
import type { NetworkName } from '../frame/networks.ts';
import type { FilesEvent, FilesState } from '../files/files-state.ts';
import type { MessagesEvent, MessagesState } from '../messages/messages-state.ts';
import type { DrillsEvent, DrillsState } from './drills/drills-state.ts';
import type { KeysEvent, KeysState } from './keys/keys-state.ts';
import type { PaperEvent, PaperState } from './paper/paper-state.ts';
import type { Session, SessionEvent } from './session.ts';
import type { SignEvent, SignState } from './sign/sign-state.ts';
import type { WalletsEvent, WalletsState } from './wallets/wallets-state.ts';

export type SignerPlace = 'keys' | 'wallets' | 'sign' | 'messages' | 'files' | 'paper' | 'drills';

/** What a workspace of the Signer is handed: its host, the state that outlives leaving it, and the way to another. */
export interface SignerContext {
  readonly host: SignerHost;
  readonly session: Machine<Session, SessionEvent>;
  readonly keys: Machine<KeysState, KeysEvent>;
  readonly wallets: Machine<WalletsState, WalletsEvent>;
  readonly sign: Machine<SignState, SignEvent>;
  readonly messages: Machine<MessagesState, MessagesEvent>;
  readonly files: Machine<FilesState, FilesEvent>;
  readonly paper: Machine<PaperState, PaperEvent>;
  readonly drills: Machine<DrillsState, DrillsEvent>;
  readonly go: (place: SignerPlace) => void;
  /** What new keys are for unless a person says otherwise. */
  readonly usualNetwork: NetworkName;
}

/** Reads the shelf again, after something was put on it. */
export async function readShelf(context: Pick<SignerContext, 'host' | 'session'>): Promise<void> {
  const reply = await context.host['shelf.list']({});
  context.session.send(reply.ok ? { type: 'shelf-read', shelf: reply.value } : { type: 'shelf-failed', error: reply.error });
}
