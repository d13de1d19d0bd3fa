import type { WireError } from '../../src/host/contract.ts';
import type { NetworkName } from '../frame/networks.ts';
import type { Answer, CompanionHost } from '../host/client.ts';
import type { PlannedPsbt } from '../review/from-plan.ts';

export type StoredSettings = Answer<'settings.read', CompanionHost>;
/** One node, or several that must agree, as commands take them. */
export type NodeUrl = Parameters<CompanionHost['node.check']>[0]['node'];
/** What is set, with all nodes in one place. */
export interface Settings {
  readonly node: NodeUrl | null;
  readonly hotWallet: string | null;
}
export type NodeStatus = Answer<'node.check', CompanionHost>;
export type StoredWallet = Answer<'shelf.list', CompanionHost>['wallets'][number];
export type DamagedFile = { readonly name: string; readonly code: string };
export type Synced = Answer<'wallet.sync', CompanionHost>;
export type Books = Answer<'ledger.list', CompanionHost>;
export type Audit = Answer<'ledger.audit', CompanionHost>;

/** What the whole window knows: settings, the shelf of wallets, and what the node last said. No secret exists here. */
export type Session =
  | { readonly stage: 'reading' }
  | { readonly stage: 'failed'; readonly error: WireError }
  | {
      readonly stage: 'ready';
      readonly settings: Settings;
      /** `null` while the node was not asked yet. */
      readonly node: NodeStatus | null;
      readonly wallets: readonly StoredWallet[];
      readonly damaged: readonly DamagedFile[];
      /** By wallet id: the last sync in this session. */
      readonly synced: ReadonlyMap<string, Synced>;
      readonly books: Books | null;
      /** By wallet id: the last audit in this session. */
      readonly audits: ReadonlyMap<string, Audit>;
      /** Payments planned and saved in this session: they know what each payment is for. */
      readonly plans: readonly PlannedPsbt[];
    };

export type ReadySession = Extract<Session, { stage: 'ready' }>;

export type SessionEvent =
  | { readonly type: 'read'; readonly settings: Settings; readonly wallets: readonly StoredWallet[]; readonly damaged: readonly DamagedFile[] }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'settings-written'; readonly settings: Settings }
  | { readonly type: 'node-answered'; readonly node: NodeStatus }
  | { readonly type: 'tip-moved'; readonly height: number }
  | { readonly type: 'synced'; readonly synced: Synced }
  | { readonly type: 'books-read'; readonly books: Books }
  | { readonly type: 'audited'; readonly audit: Audit }
  | { readonly type: 'plan-saved'; readonly planned: PlannedPsbt };

/** The nodes one by one; empty where none is set. */
export const nodesOf = (node: NodeUrl | null): readonly string[] => (node === null ? [] : typeof node === 'string' ? [node] : node);

export const settingsOf = ({ node, moreNodes = [], hotWallet }: StoredSettings): Settings => ({ node: node === null || moreNodes.length === 0 ? node : [node, ...moreNodes], hotWallet });

export function storedSettings({ node, hotWallet }: Settings): StoredSettings {
  const [first = null, ...moreNodes] = nodesOf(node);
  return { node: first, ...(moreNodes.length === 0 ? {} : { moreNodes }), hotWallet };
}

export const areSameNodes = (one: NodeUrl | null, other: NodeUrl | null): boolean => nodesOf(one).join('\n') === nodesOf(other).join('\n');

export function sessionTransition(session: Session, event: SessionEvent): Session {
  if (event.type === 'read') {
    const { settings, wallets, damaged } = event;
    return session.stage === 'ready' ? { ...session, settings, wallets, damaged } : { stage: 'ready', settings, wallets, damaged, node: null, synced: new Map(), books: null, audits: new Map(), plans: [] };
  }
  if (event.type === 'failed') return session.stage === 'ready' ? session : { stage: 'failed', error: event.error };
  if (session.stage !== 'ready') return session;
  switch (event.type) {
    case 'settings-written':
      // Another node knows nothing of what this one said.
      return areSameNodes(event.settings.node, session.settings.node) ? { ...session, settings: event.settings } : { ...session, settings: event.settings, node: null, synced: new Map(), audits: new Map() };
    case 'node-answered':
      return { ...session, node: event.node };
    case 'tip-moved':
      return session.node === null ? session : { ...session, node: { ...session.node, height: event.height, headers: Math.max(event.height, session.node.headers) } };
    case 'synced':
      return { ...session, synced: new Map(session.synced).set(event.synced.walletId, event.synced) };
    case 'books-read':
      return { ...session, books: event.books };
    case 'audited':
      return { ...session, audits: new Map(session.audits).set(event.audit.walletId, event.audit) };
    case 'plan-saved':
      return { ...session, plans: [...session.plans.filter((plan) => plan.psbtSha256 !== event.planned.psbtSha256), event.planned] };
  }
}

export const walletById = (session: ReadySession, walletId: string): StoredWallet | undefined => session.wallets.find((wallet) => wallet.policy.walletId === walletId);

/** The wallet that a form means: the one chosen, or the only one there is. */
export function chosenWallet(session: ReadySession, walletId: string | null): StoredWallet | undefined {
  return walletId === null ? session.wallets[0] : walletById(session, walletId);
}

/** The network that the window's band names: the node's, else the first wallet's. */
export function networkOf(session: Session, isRehearsal: boolean): NetworkName | null {
  const known = session.stage === 'ready' ? (session.node?.network ?? session.wallets[0]?.policy.network) : undefined;
  return known ?? (isRehearsal ? 'practice' : null);
}
