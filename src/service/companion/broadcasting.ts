import type { ChainSource, RejectReason } from '../../companion/chain-source.ts';
import type { BroadcastIntent, Ledger } from '../../companion/ledger/ledger.ts';
import type { SendableTransaction } from '../../companion/transaction-file.ts';
import type { NetworkName } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { requirePlanned } from '../../psbt/plan-check.ts';
import { notePayments } from './payment-notes.ts';
import { keptPsbt, requireNotReplaced } from './plan-memory.ts';

/**
 * Sends a transaction once. Where its plan is booked, it is compared with it once more, out of the very bytes that are sent. The intention is booked before the node hears of it; the node tests it; only then it is sent.
 * A transaction that the node has already is not sent again and is no error, so that the step can be repeated after any
 * interruption.
 * @throws StrongroomError `psbt.not-the-plan`, `psbt.superseded` (a version planned later was sent), `broadcast.refused`: nothing
 * was sent
 */
export async function sendOnce(source: ChainSource, ledger: Ledger, network: NetworkName, transaction: SendableTransaction, references: readonly string[], now: string): Promise<void> {
  const { txid, planId, bytes } = transaction;
  const earlier = ledger.intent(txid);
  const planned = keptPsbt(ledger, planId);
  if (planned !== null) requirePlanned({ bytes }, planned);
  // What was sent once already is for the node to judge: it may have dropped what replaced it.
  if (earlier?.state !== 'sent') requireNotReplaced(ledger, network, planId, 'This transaction', now);
  const intent: BroadcastIntent = {
    txid, planId, network, transaction: bytes,
    references: [...new Set([...(earlier?.references ?? []), ...references])],
    intendedAt: earlier?.intendedAt ?? now,
    state: earlier?.state === 'sent' ? 'sent' : 'intended',
  };
  ledger.saveIntent(intent);
  if ((await source.transactionStatus(txid)).state === 'unknown') {
    const test = await source.testAccept(bytes);
    if (test.accepted === false && test.reason !== 'already-known') {
      // What was sent once stays so: it may still be confirmed elsewhere.
      if (intent.state === 'intended') ledger.saveIntent({ ...intent, state: 'refused' });
      throw refused(txid, test.reason);
    }
    // Untested: the source has no test of its own and says yes or no only when it is handed the transaction.
    if (test.accepted !== false) await send(source, ledger, intent);
  }
  ledger.atomically(() => {
    ledger.saveIntent({ ...intent, state: 'sent' });
    notePayments(ledger, planId, bytes, now);
  });
}

async function send(source: ChainSource, ledger: Ledger, intent: BroadcastIntent): Promise<void> {
  let answeredId: string;
  try {
    answeredId = await source.broadcast(intent.transaction);
  } catch (error) {
    if (!(error instanceof StrongroomError) || error.code !== 'broadcast.refused') throw error;
    // Another program may have sent it between test and sending.
    if (error.details['reason'] === 'already-known') return;
    if (intent.state === 'intended') ledger.saveIntent({ ...intent, state: 'refused' });
    throw error;
  }
  if (answeredId !== intent.txid) {
    throw new StrongroomError('node.malformed', 'The node names another transaction than the one it was given.', { txid: intent.txid }, 'Check with another node whether the transaction was sent.');
  }
}

const refused = (txid: string, reason: RejectReason): StrongroomError =>
  new StrongroomError('broadcast.refused', 'The node\'s test refused the transaction; nothing was sent.', { txid, reason }, nextSteps[reason]);

const nextSteps: Readonly<Record<RejectReason, string>> = {
  'already-known': 'Nothing to do: the node has it.',
  'inputs-missing-or-spent': 'Its inputs were spent otherwise or are not known. Refresh the ledger and plan again.',
  'fee-too-low': 'Plan again with a higher fee rate.',
  'fee-too-high': 'Plan again with a lower fee rate; the node takes it for a slip.',
  'non-final': 'Wait for its locktime, then send it again.',
  policy: 'The node does not relay it by its own rules; look into the node\'s log.',
  invalid: 'Do not send it. Finalize it again from the signed files.',
};
