import { base64OfText, type FileContent } from '../../ui/file-content.ts';
import { draftOfFile, importOf, type ForeignDraft } from '../../wallet/foreign-wallet.ts';
import { readShelf, type SignerContext } from '../context.ts';
import { registrationsOf, unlockedKeys, type StoredRegistration } from '../session.ts';

/** How many addresses are shown at once. */
const ADDRESSES_SHOWN = 20;

export function walletsActions(context: SignerContext) {
  const { host, wallets, session } = context;

  /** Reads a wallet file of any program; where it leaves nothing open, it is there to be compared. */
  const read = async (draft: ForeignDraft): Promise<void> => {
    wallets.send({ type: 'reading', draft });
    const [open] = unlockedKeys(session.state.value);
    const reply = await host['wallet.import'](importOf(draft, open?.facts.network ?? null));
    if (!reply.ok) return wallets.send({ type: 'failed', error: reply.error });
    // The first open key that is a cosigner and has not registered this wallet yet.
    const done = registrationsOf(session.state.value).filter((stored) => stored.policy.walletId === reply.value.walletId).map((stored) => stored.ownKey);
    const cosigners = unlockedKeys(session.state.value).filter((key) => reply.value.cosigners.some((cosigner) => cosigner.fingerprint === key.facts.fingerprint));
    const key = cosigners.find((candidate) => !done.includes(candidate.facts.fingerprint)) ?? cosigners[0];
    // The password has done its work.
    wallets.send({ type: 'opened', draft: { ...draft, password: '' }, read: reply.value, keyHandle: key?.facts.keyHandle ?? null });
  };

  const takeWallet = async (files: readonly FileContent[]): Promise<void> => {
    const [file] = files;
    if (file !== undefined) await read(draftOfFile(file));
  };

  const openWallet = async (): Promise<void> => {
    const reply = await host['file.open']({ kind: 'wallet', several: false });
    if (!reply.ok) return wallets.send({ type: 'failed', error: reply.error });
    await takeWallet(reply.value.files);
  };

  const register = async (): Promise<void> => {
    const state = wallets.state.value;
    if (state.stage !== 'comparing' || state.keyHandle === null || state.isBusy) return;
    wallets.send({ type: 'working' });
    const made = await host['wallet.register']({ keyHandle: state.keyHandle, wallet: state.read.wallet, policyId: state.typed.trim() });
    if (!made.ok) return wallets.send({ type: 'failed', error: made.error });
    const stored = await host['shelf.add-registration']({ name: made.value.suggestedName, registration: made.value.registration });
    if (!stored.ok) return wallets.send({ type: 'failed', error: stored.error });
    await readShelf(context);
    wallets.send({ type: 'registered', name: stored.value.name });
  };

  const deriveAddresses = async (registration: StoredRegistration, branch: 'receive' | 'change'): Promise<void> => {
    const key = unlockedKeys(session.state.value).find((candidate) => candidate.facts.fingerprint === registration.ownKey);
    if (key === undefined) return;
    wallets.send({ type: 'branch-chosen', branch });
    const reply = await host['wallet.address']({ keyHandle: key.facts.keyHandle, registration: registration.registration, branch, index: 0, count: ADDRESSES_SHOWN });
    wallets.send(reply.ok ? { type: 'addresses-derived', addresses: reply.value.addresses } : { type: 'failed', error: reply.error });
  };

  const saveCopy = async (registration: StoredRegistration): Promise<void> => {
    const reply = await host['file.save']({ kind: 'registration', suggestedName: registration.name, contentBase64: base64OfText(registration.registration) });
    if (!reply.ok) return wallets.send({ type: 'failed', error: reply.error });
    if (reply.value.savedAs !== null) wallets.send({ type: 'copy-saved', savedAs: reply.value.savedAs });
  };

  return { read, takeWallet, openWallet, register, deriveAddresses, saveCopy };
}

export type WalletsActions = ReturnType<typeof walletsActions>;
