import type { InferOutput } from 'valibot';
import type { WireError } from '../../src/host/contract.ts';
import type { finishMessage, verifyMessage } from '../../src/host/message-wire.ts';
import type { NetworkName } from '../frame/networks.ts';
import type { FileContent } from '../ui/file-content.ts';

export type MessageProgress = InferOutput<typeof finishMessage.output>;
export type Verified = InferOutput<typeof verifyMessage.output>;

/** Of which address, and what. The same message and place for every cosigner. */
export interface MessageForm {
  /** The wallet, and in the Signer the key with it; empty until one is chosen. */
  readonly choice: string;
  readonly branch: 'receive' | 'change';
  readonly index: string;
  readonly message: string;
  /** Files of cosigners who signed the same before. */
  readonly files: readonly FileContent[];
}

export interface VerifyForm {
  readonly network: NetworkName;
  readonly address: string;
  readonly message: string;
  readonly signature: string;
}

/** The workspace of messages: one is made with others, or one is checked. */
export interface MessagesState {
  readonly view: 'make' | 'verify';
  readonly form: MessageForm;
  /** What has come together so far; dropped by any change of the form. */
  readonly made: MessageProgress | null;
  readonly verify: VerifyForm;
  readonly verified: Verified | null;
  readonly isBusy: boolean;
  readonly error: WireError | null;
  readonly savedAs: string | null;
}

export type MessagesEvent =
  | { readonly type: 'shown'; readonly view: MessagesState['view'] }
  | { readonly type: 'form-changed'; readonly part: Partial<MessageForm> }
  | { readonly type: 'files-taken'; readonly files: readonly FileContent[] }
  | { readonly type: 'verify-changed'; readonly part: Partial<VerifyForm> }
  | { readonly type: 'working' }
  | { readonly type: 'made'; readonly made: MessageProgress }
  | { readonly type: 'verified'; readonly verified: Verified }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'saved'; readonly savedAs: string }
  /** The signature that was made is what is checked next. */
  | { readonly type: 'to-verify'; readonly network: NetworkName };

export const noMessage = (network: NetworkName): MessagesState => ({
  view: 'make', form: { choice: '', branch: 'receive', index: '0', message: '', files: [] }, made: null,
  verify: { network, address: '', message: '', signature: '' }, verified: null, isBusy: false, error: null, savedAs: null,
});

export function messagesTransition(state: MessagesState, event: MessagesEvent): MessagesState {
  switch (event.type) {
    case 'shown':
      return { ...state, view: event.view, error: null };
    case 'form-changed':
      // What was signed was signed for another message or address.
      return { ...state, form: { ...state.form, ...event.part }, made: null, error: null, savedAs: null };
    case 'files-taken': {
      const fresh = event.files.filter((file) => !state.form.files.some((known) => known.contentBase64 === file.contentBase64));
      return { ...state, form: { ...state.form, files: [...state.form.files, ...fresh] }, made: null, error: null, savedAs: null };
    }
    case 'verify-changed':
      return { ...state, verify: { ...state.verify, ...event.part }, verified: null, error: null };
    case 'working':
      return { ...state, isBusy: true, error: null };
    case 'made':
      return { ...state, made: event.made, isBusy: false, error: null, savedAs: null };
    case 'verified':
      return { ...state, verified: event.verified, isBusy: false, error: null };
    case 'failed':
      return { ...state, isBusy: false, made: null, verified: null, error: event.error };
    case 'saved':
      return { ...state, savedAs: event.savedAs };
    case 'to-verify': {
      const { made, form } = state;
      return { ...state, view: 'verify', verify: { network: event.network, address: made?.address ?? '', message: form.message, signature: made?.signature ?? '' }, verified: null, error: null };
    }
  }
}

/** The index as a number, or `null` where it is none that a wallet has. */
export const indexOf = (typed: string): number | null => (/^(0|[1-9][0-9]{0,5})$/.test(typed.trim()) ? Number(typed.trim()) : null);

/** Why nothing can be made yet, or `null`. */
export function makeProblem(form: MessageForm, needsFiles: boolean): string | null {
  if (form.choice === '') return 'Choose the wallet first.';
  if (indexOf(form.index) === null) return 'The index is a number from 0 to 999,999.';
  if (form.message.trim() === '') return 'Type the message, letter by letter as the others have it.';
  return needsFiles && form.files.length === 0 ? 'Add the files of the officers who signed.' : null;
}

/** `treasury.message-receive-4.signed-73c5da0a.psbt`: the wallet, the place and who signed come first in what people see of a name. */
export function messageFileName(walletName: string, { signed, stillNeeded }: MessageProgress, { branch, index }: Pick<MessageForm, 'branch' | 'index'>): string {
  const wallet = walletName.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 40);
  return `${wallet === '' ? 'wallet' : wallet}.message-${branch}-${index.trim()}.${stillNeeded === 0 ? 'complete' : `signed-${signed.at(-1) ?? 'nobody'}`}.psbt`;
}

/** What a check came to, in words and weight. */
export const verdictWords: Readonly<Record<Verified['state'], { readonly title: string; readonly weight: 'verified' | 'danger' | 'caution' }>> = {
  valid: { title: 'The signature is valid: the holders of this address signed this message', weight: 'verified' },
  invalid: { title: 'The signature is NOT valid for this message and address', weight: 'danger' },
  inconclusive: { title: 'Nothing can be said: the address has a script whose rules are not known here', weight: 'caution' },
};
