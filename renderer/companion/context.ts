import type { WireError } from '../../src/host/contract.ts';
import type { CompanionHost } from '../host/client.ts';
import type { Machine } from '../host/machine.ts';
import type { FrameInfo } from '../frame/window-frame.tsx';
import type { FilesEvent, FilesState } from '../files/files-state.ts';
import type { MessagesEvent, MessagesState } from '../messages/messages-state.ts';
import type { CareEvent, CareState } from './care/care-state.ts';
import type { CoinsEvent, CoinsState } from './coins/coins-state.ts';
import type { CombineEvent, CombineState } from './combine/combine-state.ts';
import type { BooksFileEvent, BooksFileState } from './ledger/books-file-state.ts';
import type { LedgerEvent, LedgerState } from './ledger/ledger-state.ts';
import type { LedgerPage, LedgerPageEvent } from './ledger/page-state.ts';
import type { PeriodEvent, PeriodState } from './ledger/period-state.ts';
import type { NodeEvent, NodeState } from './node/node-state.ts';
import type { PayEvent, PayState } from './pay/pay-state.ts';
import type { QueueEvent, QueueState } from './queue/queue-state.ts';
import type { SchedulesEvent, SchedulesState } from './schedules/schedules-state.ts';
import { settingsOf, type ReadySession, type Session, type SessionEvent } from './session.ts';
import type { SweepEvent, SweepState } from './sweep/sweep-state.ts';
import type { WalletsEvent, WalletsState } from './wallets/wallets-state.ts';

export type CompanionPlace = 'node' | 'wallets' | 'coins' | 'sweep' | 'schedules' | 'pay' | 'queue' | 'combine' | 'ledger' | 'care' | 'messages' | 'files';

/** What a workspace of the Companion is handed. */
export interface CompanionContext {
  readonly host: CompanionHost;
  readonly info: FrameInfo;
  readonly session: Machine<Session, SessionEvent>;
  readonly node: Machine<NodeState, NodeEvent>;
  readonly wallets: Machine<WalletsState, WalletsEvent>;
  readonly coins: Machine<CoinsState, CoinsEvent>;
  readonly sweep: Machine<SweepState, SweepEvent>;
  readonly schedules: Machine<SchedulesState, SchedulesEvent>;
  readonly pay: Machine<PayState, PayEvent>;
  readonly queue: Machine<QueueState, QueueEvent>;
  readonly combine: Machine<CombineState, CombineEvent>;
  readonly ledger: Machine<LedgerState, LedgerEvent>;
  readonly booksFile: Machine<BooksFileState, BooksFileEvent>;
  readonly ledgerPage: Machine<LedgerPage, LedgerPageEvent>;
  readonly period: Machine<PeriodState, PeriodEvent>;
  readonly care: Machine<CareState, CareEvent>;
  readonly messages: Machine<MessagesState, MessagesEvent>;
  readonly files: Machine<FilesState, FilesEvent>;
  /** Work under way that a person may stop, by name. */
  readonly running: Map<'sync' | 'audit' | 'care' | 'period' | 'books' | 'refresh' | 'sweep' | 'schedules', AbortController>;
  readonly go: (place: CompanionPlace) => void;
}

/** A workspace is drawn only after the session was read. */
export interface WorkspaceProps {
  readonly context: CompanionContext;
  readonly session: ReadySession;
}

/** Reads settings, shelf and books. */
export async function readSession({ host, session }: Pick<CompanionContext, 'host' | 'session'>): Promise<void> {
  const [settings, shelf] = await Promise.all([host['settings.read']({}), host['shelf.list']({})]);
  if (!settings.ok) return session.send({ type: 'failed', error: settings.error });
  if (!shelf.ok) return session.send({ type: 'failed', error: shelf.error });
  session.send({ type: 'read', settings: settingsOf(settings.value), wallets: shelf.value.wallets, damaged: shelf.value.damaged ?? [] });
}

/** Entries that the whole window knows; the Ledger workspace pages through all. */
const RECENT_ENTRIES = 200;

/** @returns why the books could not be read, or `null` */
export async function readBooks({ host, session }: Pick<CompanionContext, 'host' | 'session'>): Promise<WireError | null> {
  const books = await host['ledger.list']({ walletId: null, newestFirst: true, limit: RECENT_ENTRIES });
  if (!books.ok) return books.error;
  session.send({ type: 'books-read', books: books.value });
  return null;
}

/** Has the node's answers booked, then reads the books. Quietly: the Ledger workspace shows errors of its own request. */
export async function refreshBooks(context: Pick<CompanionContext, 'host' | 'session'>): Promise<void> {
  const { host, session } = context;
  const current = session.state.value;
  if (current.stage !== 'ready' || current.settings.node === null || current.wallets.length === 0) return;
  const refreshed = await host['ledger.refresh']({ wallets: current.wallets.map((wallet) => wallet.wallet), node: current.settings.node });
  if (refreshed.ok) session.send({ type: 'tip-moved', height: refreshed.value.height });
  await readBooks(context);
}

/** Has the list of what waits for signatures follow what was planned, sent or found. Quietly: the Queue workspace shows errors of its own request. */
export async function followQueue({ host, queue }: Pick<CompanionContext, 'host' | 'queue'>): Promise<void> {
  const waiting = await host['queue.list']({ walletId: null, all: queue.state.value.all });
  if (waiting.ok) queue.send({ type: 'followed', entries: waiting.value.entries });
}

/** Starts a piece of work that can be stopped; an earlier one of the same name is given up. */
export function beginWork(context: Pick<CompanionContext, 'running'>, name: 'sync' | 'audit' | 'care' | 'period' | 'books' | 'refresh' | 'sweep' | 'schedules'): AbortSignal {
  context.running.get(name)?.abort();
  const controller = new AbortController();
  context.running.set(name, controller);
  return controller.signal;
}
