import type {
  NewQueueEntry, QuarantinedReply, QueuedPayment, QueuedWallet, QueueEntry, QueueEvidence, QueueSigners, QueueStore, VersionReason,
} from '../../companion/queue/queue.ts';
import type { Fingerprint } from '../../domain/fingerprint.ts';
import { parseNetwork } from '../../domain/network.ts';
import { text, type Row, type SqliteStatements } from './sqlite-statements.ts';

/** The signing queue in the ledger's file. */
export function sqliteQueue({ all, get, run, together }: SqliteStatements): QueueStore {
  const entryOf = (row: Row): QueueEntry => {
    const planId = text(row['plan_id']);
    return {
      planId,
      paymentId: text(row['payment_id']),
      version: Number(row['version']),
      reason: text(row['reason']) as VersionReason,
      kind: text(row['kind']) as QueueEntry['kind'],
      walletId: text(row['wallet_id']),
      network: parseNetwork(text(row['network'])),
      signers: text(row['signers']) as QueueSigners,
      plannedAt: text(row['planned_at']),
      expiresAt: text(row['expires_at']),
      inputsSats: row['inputs_sats'] as bigint,
      paymentsSats: row['payments_sats'] as bigint,
      changeSats: row['change_sats'] as bigint,
      feeSats: row['fee_sats'] as bigint,
      vsizeVb: Number(row['vsize_vb']),
      paymentCount: Number(row['payment_count']),
      psbtSha256: text(row['psbt_sha256']),
      parentTxid: row['parent_txid'] === null ? null : text(row['parent_txid']),
      stillNeeded: row['still_needed'] === null ? null : Number(row['still_needed']),
      signingWallets: all('SELECT s.*, w.required FROM queue_signing_wallet s JOIN queue_wallet w ON w.wallet_id = s.wallet_id WHERE s.plan_id = ? ORDER BY s.position', planId).map((item) => ({ walletId: text(item['wallet_id']), name: text(item['name']), required: Number(item['required']), stillNeeded: Number(item['still_needed']) })),
      signatures: all('SELECT * FROM queue_signature WHERE plan_id = ? ORDER BY received_at, fingerprint', planId).map((item) => ({ fingerprint: text(item['fingerprint']) as Fingerprint, receivedAt: text(item['received_at']), fileName: text(item['file_name']) })),
      handovers: all('SELECT * FROM queue_handover WHERE plan_id = ? ORDER BY handed_at, fingerprint', planId).map((item) => ({ fingerprint: text(item['fingerprint']) as Fingerprint, handedAt: text(item['handed_at']) })),
      final: row['final_txid'] === null ? null : { txid: text(row['final_txid']), finalizedAt: text(row['finalized_at']) },
      discarded: row['discarded_at'] === null ? null : { at: text(row['discarded_at']), reason: text(row['discard_reason']) },
    };
  };
  const blob = (sql: string, planId: string): Uint8Array | null => (get(sql, planId)?.['bytes'] as Uint8Array | undefined) ?? null;

  return {
    saveWallet({ walletId, text: wallet, required, cosigners }) {
      run('INSERT INTO queue_wallet (wallet_id, wallet, required, cosigners) VALUES (?, ?, ?, ?) ON CONFLICT (wallet_id) DO UPDATE SET wallet = excluded.wallet, cosigners = excluded.cosigners', walletId, wallet, required, JSON.stringify(cosigners));
    },
    wallet(walletId) {
      const row = get('SELECT * FROM queue_wallet WHERE wallet_id = ?', walletId);
      return row === undefined ? null : { walletId, text: text(row['wallet']), required: Number(row['required']), cosigners: JSON.parse(text(row['cosigners'])) as QueuedWallet['cosigners'] };
    },

    add(entry: NewQueueEntry, payments: readonly QueuedPayment[]) {
      together(() => {
        run(
          `INSERT INTO queue_entry (plan_id, payment_id, version, reason, kind, wallet_id, network, signers, planned_at, expires_at,
             inputs_sats, payments_sats, change_sats, fee_sats, vsize_vb, payment_count, psbt_sha256, parent_txid, still_needed)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (plan_id) DO UPDATE SET planned_at = excluded.planned_at, expires_at = excluded.expires_at, psbt_sha256 = excluded.psbt_sha256, still_needed = coalesce(still_needed, excluded.still_needed), discarded_at = NULL, discard_reason = NULL`,
          entry.planId, entry.paymentId, entry.version, entry.reason, entry.kind, entry.walletId, entry.network, entry.signers, entry.plannedAt, entry.expiresAt,
          entry.inputsSats, entry.paymentsSats, entry.changeSats, entry.feeSats, entry.vsizeVb, entry.paymentCount, entry.psbtSha256, entry.parentTxid, entry.stillNeeded,
        );
        entry.signingWallets.forEach(({ walletId, name, stillNeeded }, position) => run('INSERT INTO queue_signing_wallet (plan_id, position, wallet_id, name, still_needed) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING', entry.planId, position, walletId, name, stillNeeded));
        run('DELETE FROM queue_payment WHERE plan_id = ?', entry.planId);
        payments.forEach(({ address, amountSats, reference, costCode }, position) => run('INSERT INTO queue_payment (plan_id, position, address, amount_sats, reference, cost_code) VALUES (?, ?, ?, ?, ?, ?)', entry.planId, position, address, amountSats, reference, costCode));
      });
    },
    entry(planId) {
      const row = get('SELECT * FROM queue_entry WHERE plan_id = ?', planId);
      return row === undefined ? null : entryOf(row);
    },
    find(start) {
      // Hexadecimal digits alone come in; the character after them bounds the range.
      const end = `${start}g`;
      return all('SELECT * FROM queue_entry WHERE plan_id BETWEEN ? AND ? UNION SELECT * FROM queue_entry WHERE final_txid BETWEEN ? AND ? ORDER BY planned_at DESC, version DESC LIMIT 20', start, end, start, end).map(entryOf);
    },
    entries(walletId, most) {
      return walletId === null
        ? all('SELECT * FROM queue_entry ORDER BY planned_at DESC, version DESC, plan_id LIMIT ?', most).map(entryOf)
        : all('SELECT * FROM queue_entry WHERE wallet_id = ? ORDER BY planned_at DESC, version DESC, plan_id LIMIT ?', walletId, most).map(entryOf);
    },
    versions: (paymentId) => all('SELECT * FROM queue_entry WHERE payment_id = ? ORDER BY version', paymentId).map(entryOf),
    payments: (planId) =>
      all('SELECT * FROM queue_payment WHERE plan_id = ? ORDER BY position', planId).map((row): QueuedPayment => ({
        address: text(row['address']), amountSats: row['amount_sats'] as bigint, reference: text(row['reference']), costCode: row['cost_code'] === null ? null : text(row['cost_code']),
      })),
    evidence(planId): QueueEvidence {
      const sent = get('SELECT state FROM broadcast WHERE plan_id = ? ORDER BY (state = \'sent\') DESC, rowid DESC LIMIT 1', planId)?.['state'];
      const own = get(
        `SELECT t.state, t.height FROM wallet_transaction t WHERE t.live = 1 AND t.txid IN (SELECT txid FROM broadcast WHERE plan_id = ? UNION SELECT coalesce(final_txid, plan_id) FROM queue_entry WHERE plan_id = ?)
         ORDER BY (t.state = 'confirmed') DESC LIMIT 1`,
        planId, planId,
      );
      const booked = all(
        `SELECT t.txid, max(t.state = 'confirmed') AS confirmed, (SELECT plan_id FROM broadcast b WHERE b.txid = t.txid) AS sent_as
         FROM plan_input i CROSS JOIN spend s ON s.txid = substr(i.outpoint, 1, 64) AND s.vout = CAST(substr(i.outpoint, 66) AS INTEGER) CROSS JOIN wallet_transaction t ON t.id = s.entry
         WHERE i.plan_id = ? AND t.live = 1 AND t.state <> 'replaced'
           AND t.txid NOT IN (SELECT txid FROM broadcast WHERE plan_id = ? UNION SELECT coalesce(final_txid, plan_id) FROM queue_entry WHERE plan_id = ?)
         GROUP BY t.txid ORDER BY confirmed DESC, t.txid LIMIT 20`,
        planId, planId, planId,
      );
      // What was sent from here spends outputs of wallets, too, that nobody watches: a node's own, and papers.
      const sentBeside = booked.length > 0 ? [] : all(
        `SELECT b.txid, 0 AS confirmed, b.plan_id AS sent_as FROM plan_input i JOIN plan_input o ON o.outpoint = i.outpoint AND o.plan_id <> i.plan_id JOIN broadcast b ON b.plan_id = o.plan_id AND b.state = 'sent'
         WHERE i.plan_id = ? AND NOT EXISTS (SELECT 1 FROM wallet_transaction t WHERE t.txid = b.txid AND (t.live = 0 OR t.state = 'replaced')) GROUP BY b.txid LIMIT 20`,
        planId,
      );
      return {
        sent: sent === undefined ? null : (text(sent) as 'intended' | 'sent' | 'refused'),
        booked: own === undefined ? null : { confirmed: own['state'] === 'confirmed', height: own['height'] === null ? null : Number(own['height']) },
        spentBy: [...booked, ...sentBeside].map((row) => ({ txid: text(row['txid']), planId: row['sent_as'] === null ? null : text(row['sent_as']), confirmed: row['confirmed'] === 1n })),
      };
    },
    paidAddresses: (walletId, addresses) =>
      new Set(addresses.filter((address) => get('SELECT 1 FROM queue_payment p JOIN queue_entry e ON e.plan_id = p.plan_id WHERE p.address = ? AND e.wallet_id = ? LIMIT 1', address, walletId) !== undefined)),
    outpoints: (planId) => all('SELECT outpoint FROM plan_input WHERE plan_id = ? ORDER BY outpoint', planId).map((row) => text(row['outpoint'])),

    signedPsbt: (planId) => blob('SELECT psbt AS bytes FROM queue_signed WHERE plan_id = ?', planId),
    saveSigned(planId, psbt, stillNeeded, signatures, stillNeededOf = new Map()) {
      together(() => {
        run('INSERT INTO queue_signed (plan_id, psbt) VALUES (?, ?) ON CONFLICT (plan_id) DO UPDATE SET psbt = excluded.psbt', planId, psbt);
        run('UPDATE queue_entry SET still_needed = ? WHERE plan_id = ?', stillNeeded, planId);
        for (const [walletId, lacking] of stillNeededOf) run('UPDATE queue_signing_wallet SET still_needed = ? WHERE plan_id = ? AND wallet_id = ?', lacking, planId, walletId);
        for (const { fingerprint, receivedAt, fileName } of signatures) run('INSERT INTO queue_signature (plan_id, fingerprint, received_at, file_name) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING', planId, fingerprint, receivedAt, fileName);
      });
    },
    saveFinal(planId, { txid, transaction, finalizedAt }) {
      together(() => {
        run('UPDATE queue_entry SET final_txid = ?, finalized_at = ? WHERE plan_id = ?', txid, finalizedAt, planId);
        run('INSERT INTO queue_final (plan_id, bytes) VALUES (?, ?) ON CONFLICT (plan_id) DO UPDATE SET bytes = excluded.bytes', planId, transaction);
      });
    },
    finalTransaction: (planId) => blob('SELECT bytes FROM queue_final WHERE plan_id = ?', planId),
    saveDiscarded: (planId, at, reason) => run('UPDATE queue_entry SET discarded_at = ?, discard_reason = ? WHERE plan_id = ?', at, reason, planId),
    saveHandover: (planId, fingerprint, handedAt) => run('INSERT INTO queue_handover (plan_id, fingerprint, handed_at) VALUES (?, ?, ?) ON CONFLICT (plan_id, fingerprint) DO UPDATE SET handed_at = excluded.handed_at', planId, fingerprint, handedAt),
    quarantine({ planId, fileName, sha256, code, signedBy, receivedAt }) {
      run('INSERT INTO queue_quarantine (plan_id, sha256, file_name, code, signed_by, received_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING', planId, sha256, fileName, code, signedBy.join(' '), receivedAt);
    },
    quarantined: (paymentId) =>
      all('SELECT q.* FROM queue_quarantine q JOIN queue_entry e ON e.plan_id = q.plan_id WHERE e.payment_id = ? ORDER BY q.rowid', paymentId).map((row): QuarantinedReply => ({
        planId: text(row['plan_id']), fileName: text(row['file_name']), sha256: text(row['sha256']), code: text(row['code']),
        signedBy: text(row['signed_by']).split(' ').filter((fingerprint) => fingerprint !== '') as Fingerprint[], receivedAt: text(row['received_at']),
      })),
  };
}
