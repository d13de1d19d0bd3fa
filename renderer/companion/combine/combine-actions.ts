import type { WireError } from '../../../src/host/contract.ts';
import type { FileContent } from '../../ui/file-content.ts';
import { readBooks, refreshBooks, type CompanionContext } from '../context.ts';
import type { NodeUrl, ReadySession, StoredWallet } from '../session.ts';
import { referencesFor } from './combine-state.ts';

/** The name as the contract takes it: of one line, and of no folder. */
const shownName = ({ name }: FileContent): string => name.replace(/[/\\\p{C}]+/gu, ' ').slice(0, 200) || 'file without a name';

export function combineActions(context: CompanionContext, session: ReadySession) {
  const { host, combine } = context;

  /**
   * A file that spends nothing of the wallet may be a sweep of papers: the Signer's one reply, which is complete by itself.
   * @param foreign what is said where it is none
   */
  const takePapers = async (file: FileContent, wallet: StoredWallet, foreign: WireError): Promise<void> => {
    const final = await host['psbt.finalize']({ wallet: null, psbtFileBase64: file.contentBase64 });
    if (!final.ok) return combine.send({ type: 'failed', error: final.error.code === 'psbt.foreign-input' ? foreign : final.error });
    // The destination is proven where it is an address of a wallet on the shelf.
    const destinations = session.wallets.filter(({ policy }) => policy.network === wallet.policy.network).map((known) => known.wallet);
    const report = await host['psbt.review']({ wallet: null, destinations, psbtFileBase64: file.contentBase64 });
    if (!report.ok) return combine.send({ type: 'failed', error: report.error });
    combine.send({ type: 'combined', files: [file], combined: null, report: report.value, final: final.value });
  };

  /**
   * Combines what is there with further replies; every signature is verified again by the host. A reply that is not good is left out
   * and named, so that it does not keep the others from being combined.
   */
  const takeFiles = async (files: readonly FileContent[], wallet: StoredWallet): Promise<void> => {
    const state = combine.state.value;
    if (state.stage === 'sent' || state.isBusy || files.length === 0) return;
    const earlier = state.stage === 'combined' ? state.files : [];
    const all = [...earlier, ...files.filter((file) => !earlier.some((known) => known.contentBase64 === file.contentBase64))];
    combine.send({ type: 'working' });
    const combined = await host['psbt.combine']({ wallet: wallet.wallet, psbtFilesBase64: all.map((file) => file.contentBase64), names: all.map(shownName), leaveOutBad: true });
    if (!combined.ok) {
      const [only, ...others] = all;
      if (combined.error.code === 'psbt.foreign-input' && only !== undefined && others.length === 0) return takePapers(only, wallet, combined.error);
      return combine.send({ type: 'failed', error: combined.error });
    }
    const leftOut = new Set((combined.value.leftOut ?? []).map(({ position }) => position - 1));
    const report = await host['psbt.review']({ wallet: wallet.wallet, psbtFileBase64: combined.value.psbtBase64 });
    if (!report.ok) return combine.send({ type: 'failed', error: report.error });
    const isFull = combined.value.quorum.stillNeeded === 0;
    const final = isFull ? await host['psbt.finalize']({ wallet: wallet.wallet, psbtFileBase64: combined.value.psbtBase64 }) : null;
    if (final !== null && !final.ok) return combine.send({ type: 'failed', error: final.error });
    combine.send({ type: 'combined', files: all.filter((_, at) => !leftOut.has(at)), combined: combined.value, report: report.value, final: final?.value ?? null });
  };

  const open = async (wallet: StoredWallet): Promise<void> => {
    const reply = await host['file.open']({ kind: 'psbt', several: true });
    if (!reply.ok) return combine.send({ type: 'failed', error: reply.error });
    await takeFiles(reply.value.files, wallet);
  };

  const save = async (): Promise<void> => {
    const state = combine.state.value;
    if (state.stage !== 'combined' || state.combined === null) return;
    const reply = await host['file.save']({ kind: 'psbt', suggestedName: state.combined.suggestedName, contentBase64: state.combined.psbtBase64 });
    if (!reply.ok) return combine.send({ type: 'failed', error: reply.error });
    if (reply.value.savedAs !== null) combine.send({ type: 'saved', savedAs: reply.value.savedAs });
  };

  const broadcast = async (node: NodeUrl): Promise<void> => {
    const state = combine.state.value;
    if (state.stage !== 'combined' || state.final === null || state.isBusy) return;
    const references = referencesFor(state.report, session.plans);
    combine.send({ type: 'working' });
    const reply = await host['tx.broadcast']({
      // The host takes a final transaction as hex text or bytes; the window passes the text on as the file that it is.
      transactionFileBase64: btoa(state.final.transactionHex), node, wallets: session.wallets.map((wallet) => wallet.wallet),
      references: state.report.payments.flatMap((payment) => references.get(payment.index) ?? []),
    });
    if (!reply.ok) return combine.send({ type: 'failed', error: reply.error });
    combine.send({ type: 'sent', txid: reply.value.txid });
    await readBooks(context);
    await refreshBooks(context);
  };

  return { takeFiles, open, save, broadcast };
}

export type CombineActions = ReturnType<typeof combineActions>;
