/**
 * The signing queue, its versions and payments; labels (BIP329), tags and addresses that were offered.
 * Entries name their plan without holding on to it: a plan that is made again is first removed, and must stay in the queue.
 */
export const queueSchema = `
  CREATE TABLE queue_wallet (wallet_id TEXT PRIMARY KEY, wallet TEXT NOT NULL, required INTEGER NOT NULL, cosigners TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE queue_entry (
    plan_id TEXT PRIMARY KEY CHECK (length(plan_id) = 64), payment_id TEXT NOT NULL CHECK (length(payment_id) = 64), version INTEGER NOT NULL CHECK (version >= 1),
    reason TEXT NOT NULL CHECK (reason IN ('planned', 'planned-again', 'bumped', 'cancelled', 'child')),
    kind TEXT NOT NULL CHECK (kind IN ('sweep', 'pay')), wallet_id TEXT NOT NULL, network TEXT NOT NULL, signers TEXT NOT NULL CHECK (signers IN ('cold', 'hot', 'paper')),
    planned_at TEXT NOT NULL, expires_at TEXT NOT NULL,
    inputs_sats INTEGER NOT NULL, payments_sats INTEGER NOT NULL, change_sats INTEGER NOT NULL, fee_sats INTEGER NOT NULL, vsize_vb INTEGER NOT NULL, payment_count INTEGER NOT NULL,
    psbt_sha256 TEXT NOT NULL CHECK (length(psbt_sha256) = 64), parent_txid TEXT, still_needed INTEGER CHECK (still_needed >= 0),
    final_txid TEXT, finalized_at TEXT, discarded_at TEXT, discard_reason TEXT,
    CHECK (inputs_sats = payments_sats + change_sats + fee_sats), CHECK ((final_txid IS NULL) = (finalized_at IS NULL)), CHECK ((discarded_at IS NULL) = (discard_reason IS NULL))
  ) STRICT;
  CREATE INDEX queue_by_payment ON queue_entry (payment_id, version);
  CREATE INDEX queue_by_wallet ON queue_entry (wallet_id, planned_at);
  CREATE INDEX queue_by_date ON queue_entry (planned_at);
  CREATE INDEX queue_by_final ON queue_entry (final_txid) WHERE final_txid IS NOT NULL;
  CREATE TABLE queue_payment (
    plan_id TEXT NOT NULL REFERENCES queue_entry ON DELETE CASCADE, position INTEGER NOT NULL, address TEXT NOT NULL,
    amount_sats INTEGER NOT NULL, reference TEXT NOT NULL, cost_code TEXT, PRIMARY KEY (plan_id, position)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX queue_payment_by_address ON queue_payment (address);
  CREATE TABLE queue_signed (plan_id TEXT PRIMARY KEY REFERENCES queue_entry ON DELETE CASCADE, psbt BLOB NOT NULL) STRICT;
  CREATE TABLE queue_final (plan_id TEXT PRIMARY KEY REFERENCES queue_entry ON DELETE CASCADE, bytes BLOB NOT NULL) STRICT;
  CREATE TABLE queue_signature (
    plan_id TEXT NOT NULL REFERENCES queue_entry ON DELETE CASCADE, fingerprint TEXT NOT NULL, received_at TEXT NOT NULL, file_name TEXT NOT NULL,
    PRIMARY KEY (plan_id, fingerprint)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE queue_handover (
    plan_id TEXT NOT NULL REFERENCES queue_entry ON DELETE CASCADE, fingerprint TEXT NOT NULL, handed_at TEXT NOT NULL, PRIMARY KEY (plan_id, fingerprint)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE queue_quarantine (
    plan_id TEXT NOT NULL REFERENCES queue_entry ON DELETE CASCADE, sha256 TEXT NOT NULL CHECK (length(sha256) = 64), file_name TEXT NOT NULL,
    code TEXT NOT NULL, signed_by TEXT NOT NULL, received_at TEXT NOT NULL, UNIQUE (plan_id, sha256)
  ) STRICT;

  CREATE TABLE label (
    id INTEGER PRIMARY KEY, type TEXT NOT NULL, ref TEXT NOT NULL, origin TEXT NOT NULL, label TEXT NOT NULL, frozen INTEGER NOT NULL CHECK (frozen IN (0, 1)), line TEXT NOT NULL,
    UNIQUE (type, ref, origin)
  ) STRICT;
  CREATE INDEX label_frozen ON label (ref) WHERE frozen = 1;
  CREATE TABLE coin_tag (outpoint TEXT NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (outpoint, tag)) STRICT, WITHOUT ROWID;
  CREATE TABLE offered_address (
    wallet_id TEXT NOT NULL, branch INTEGER NOT NULL CHECK (branch IN (0, 1)), child INTEGER NOT NULL CHECK (child >= 0), offered_at TEXT NOT NULL,
    PRIMARY KEY (wallet_id, branch, child)
  ) STRICT, WITHOUT ROWID;
`;
