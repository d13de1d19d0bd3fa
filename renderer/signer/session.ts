import type { WireError } from '../../src/host/contract.ts';
import type { NetworkName } from '../frame/networks.ts';
import type { Answer, SignerHost } from '../host/client.ts';

export type KeyFacts = Answer<'key.unlock', SignerHost>;
export type Shelf = Answer<'shelf.list', SignerHost>;
export type StoredRegistration = Shelf['registrations'][number];

/** A key that was opened in this session, under the name of its file on the shelf. */
export interface UnlockedKey {
  readonly fileName: string;
  readonly facts: KeyFacts;
}

/** What the whole window knows: the laptop's shelf and which keys are open. No secret is in it. */
export type Session =
  | { readonly stage: 'reading' }
  | { readonly stage: 'failed'; readonly error: WireError }
  | {
      readonly stage: 'ready';
      readonly shelf: Shelf;
      readonly unlocked: readonly UnlockedKey[];
      /** Fingerprints whose key record was handed out, and signatures given, in this session: for the rehearsal's guide. */
      readonly recordsSaved: readonly string[];
      readonly signaturesGiven: number;
    };

export type SessionEvent =
  | { readonly type: 'shelf-read'; readonly shelf: Shelf }
  | { readonly type: 'shelf-failed'; readonly error: WireError }
  | { readonly type: 'unlocked'; readonly key: UnlockedKey }
  | { readonly type: 'locked'; readonly keyHandle: string }
  | { readonly type: 'record-saved'; readonly fingerprint: string }
  | { readonly type: 'signature-given' };

export function sessionTransition(session: Session, event: SessionEvent): Session {
  if (event.type === 'shelf-read') {
    return session.stage === 'ready' ? { ...session, shelf: event.shelf } : { stage: 'ready', shelf: event.shelf, unlocked: [], recordsSaved: [], signaturesGiven: 0 };
  }
  if (event.type === 'shelf-failed') return session.stage === 'ready' ? session : { stage: 'failed', error: event.error };
  if (session.stage !== 'ready') return session;
  switch (event.type) {
    case 'unlocked':
      return { ...session, unlocked: [...session.unlocked.filter((key) => key.fileName !== event.key.fileName), event.key] };
    case 'locked':
      return { ...session, unlocked: session.unlocked.filter((key) => key.facts.keyHandle !== event.keyHandle) };
    case 'record-saved':
      return { ...session, recordsSaved: [...new Set([...session.recordsSaved, event.fingerprint])] };
    case 'signature-given':
      return { ...session, signaturesGiven: session.signaturesGiven + 1 };
  }
}

export const unlockedKeys = (session: Session): readonly UnlockedKey[] => (session.stage === 'ready' ? session.unlocked : []);
export const registrationsOf = (session: Session): readonly StoredRegistration[] => (session.stage === 'ready' ? session.shelf.registrations : []);

/** Label and fingerprint of a locked key, as far as its surroundings claim them. Only opening the file proves either. */
export interface ClaimedKey {
  readonly label: string;
  readonly fingerprint: string | null;
}

/** What the name of a key file says of the key. */
export function claimedByName(fileName: string): ClaimedKey {
  const match = /^(.*?)-?([0-9a-f]{8})?(?:\.\d+)?\.key\.age$/.exec(fileName);
  return match === null ? { label: fileName, fingerprint: null } : { label: match[1] === '' ? fileName : (match[1] as string), fingerprint: match[2] ?? null };
}

/** The same with the label as it was written, where the shelf has the record of such a key. */
export function claimedOnShelf(shelf: Pick<Shelf, 'entropyRecords'>, fileName: string): ClaimedKey {
  const claimed = claimedByName(fileName);
  const alike = (label: string): string => label.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
  const record = shelf.entropyRecords.find(({ fingerprint, label }) => fingerprint === claimed.fingerprint && alike(label) === claimed.label);
  return record === undefined ? claimed : { ...claimed, label: record.label };
}

/** The network that the window's band names: what is open decides, then what is on the shelf. `null` while nothing says. */
export function networkOf(session: Session, isRehearsal: boolean): NetworkName | null {
  const [key] = unlockedKeys(session);
  const [registration] = registrationsOf(session);
  return key?.facts.network ?? registration?.policy.network ?? (isRehearsal ? 'practice' : null);
}
