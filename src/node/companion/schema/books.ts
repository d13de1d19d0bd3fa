/**
 * Step 3 of the ledger's schema: double entry.
 *
 * A transaction's effect on the accounts is written as postings that sum to zero in each layer: what blocks hold (`settled`) and what
 * waits (`waiting`). The journal is only ever added to; a change of mind of the chain is an entry of its own that takes back. The
 * schema itself refuses an entry that does not sum to zero, a posting without an entry, and any change to what was posted, and
 * keeps the balance of each account. `unspent` holds what the chain holds for each wallet, so that balances and audits
 * need not look at the past.
 */
export const booksSchema = `
  ALTER TABLE wallet_transaction ADD COLUMN change_sats INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE wallet_transaction ADD COLUMN block_hash TEXT CHECK (length(block_hash) = 64);
  ALTER TABLE wallet_transaction ADD COLUMN seen_height INTEGER CHECK (seen_height >= 0);
  UPDATE wallet_transaction SET change_sats =
    (SELECT coalesce(sum(amount_sats), 0) FROM output WHERE entry = id) - (SELECT coalesce(sum(amount_sats), 0) FROM spend WHERE entry = id);
  CREATE INDEX entry_by_wallet ON wallet_transaction (wallet_id, id);
  CREATE INDEX entry_by_state ON wallet_transaction (state, id) WHERE state <> 'confirmed';
  CREATE INDEX entry_by_kind ON wallet_transaction (kind, id);
  CREATE INDEX entry_by_date ON wallet_transaction (booked_at, id);
  CREATE INDEX entry_by_height ON wallet_transaction (height, id) WHERE height IS NOT NULL;
  CREATE INDEX entry_by_change ON wallet_transaction (change_sats);
  CREATE INDEX settled_by_wallet ON wallet_transaction (wallet_id, height, change_sats) WHERE live = 1 AND state = 'confirmed';
  CREATE INDEX spend_by_outpoint ON spend (txid, vout);

  CREATE TABLE account (
    id INTEGER PRIMARY KEY, network TEXT NOT NULL, name TEXT NOT NULL, layer TEXT NOT NULL CHECK (layer IN ('settled', 'waiting')),
    balance_sats INTEGER NOT NULL DEFAULT 0, UNIQUE (network, name, layer)
  ) STRICT;
  CREATE TABLE journal (
    id INTEGER PRIMARY KEY, network TEXT NOT NULL, txid TEXT NOT NULL CHECK (length(txid) = 64),
    event TEXT NOT NULL CHECK (event IN ('opened', 'seen', 'confirmed', 'reorganised', 'dropped', 'amended')),
    height INTEGER CHECK (height >= 0), block_hash TEXT CHECK (length(block_hash) = 64), booked_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX journal_by_transaction ON journal (txid);
  CREATE TABLE posting (
    journal INTEGER NOT NULL REFERENCES journal DEFERRABLE INITIALLY DEFERRED,
    account INTEGER NOT NULL REFERENCES account,
    amount_sats INTEGER NOT NULL CHECK (amount_sats <> 0),
    PRIMARY KEY (journal, account)
  ) STRICT, WITHOUT ROWID;

  CREATE TRIGGER posting_keeps_balance AFTER INSERT ON posting BEGIN
    UPDATE account SET balance_sats = balance_sats + NEW.amount_sats WHERE id = NEW.account;
  END;
  CREATE TRIGGER posting_of_open_entry BEFORE INSERT ON posting WHEN EXISTS (SELECT 1 FROM journal WHERE id = NEW.journal) BEGIN
    SELECT RAISE(ABORT, 'the entry is closed');
  END;
  CREATE TRIGGER posting_stays BEFORE UPDATE ON posting BEGIN SELECT RAISE(ABORT, 'postings are not changed'); END;
  CREATE TRIGGER posting_remains BEFORE DELETE ON posting BEGIN SELECT RAISE(ABORT, 'postings are not deleted'); END;
  CREATE TRIGGER journal_sums_to_zero BEFORE INSERT ON journal WHEN EXISTS (
    SELECT 1 FROM posting p JOIN account a ON a.id = p.account WHERE p.journal = NEW.id GROUP BY a.layer HAVING sum(p.amount_sats) <> 0
  ) BEGIN SELECT RAISE(ABORT, 'the postings do not sum to zero'); END;
  CREATE TRIGGER journal_stays BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is not changed'); END;
  CREATE TRIGGER journal_remains BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is not deleted'); END;

  CREATE TABLE unspent (
    wallet_id TEXT NOT NULL REFERENCES wallet, txid TEXT NOT NULL, vout INTEGER NOT NULL,
    amount_sats INTEGER NOT NULL, height INTEGER NOT NULL, PRIMARY KEY (wallet_id, txid, vout)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE checkpoint (
    wallet_id TEXT NOT NULL REFERENCES wallet, height INTEGER NOT NULL CHECK (height >= 0), block_hash TEXT NOT NULL CHECK (length(block_hash) = 64),
    PRIMARY KEY (wallet_id, height)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE annotation (
    txid TEXT NOT NULL CHECK (length(txid) = 64), vout INTEGER NOT NULL CHECK (vout >= -1), field TEXT NOT NULL CHECK (field IN ('reference', 'cost-code')),
    text TEXT NOT NULL, PRIMARY KEY (txid, vout, field)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX annotation_by_text ON annotation (field, text);
  CREATE TABLE annotation_change (
    id INTEGER PRIMARY KEY, txid TEXT NOT NULL, vout INTEGER NOT NULL, field TEXT NOT NULL,
    before TEXT, after TEXT, changed_by TEXT NOT NULL, changed_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX annotation_change_by_transaction ON annotation_change (txid);
  CREATE TRIGGER annotation_change_stays BEFORE UPDATE ON annotation_change BEGIN SELECT RAISE(ABORT, 'the journal is not changed'); END;
  CREATE TRIGGER annotation_change_remains BEFORE DELETE ON annotation_change BEGIN SELECT RAISE(ABORT, 'the journal is not deleted'); END;

  CREATE TABLE period (
    id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64), network TEXT NOT NULL, wallets TEXT NOT NULL,
    from_height INTEGER NOT NULL CHECK (from_height >= 0), to_height INTEGER NOT NULL CHECK (to_height >= from_height), to_hash TEXT NOT NULL CHECK (length(to_hash) = 64),
    previous TEXT REFERENCES period (sha256), last_journal INTEGER NOT NULL, last_annotation INTEGER NOT NULL, closed_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX period_by_wallets ON period (wallets, to_height);
  CREATE TABLE period_balance (
    period INTEGER NOT NULL REFERENCES period, wallet_id TEXT NOT NULL REFERENCES wallet, opening_sats INTEGER NOT NULL, closing_sats INTEGER NOT NULL,
    PRIMARY KEY (period, wallet_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER period_stays BEFORE UPDATE ON period BEGIN SELECT RAISE(ABORT, 'a closed period is not changed'); END;
  CREATE TRIGGER period_remains BEFORE DELETE ON period BEGIN SELECT RAISE(ABORT, 'a closed period is not deleted'); END;
  CREATE TRIGGER period_balance_stays BEFORE UPDATE ON period_balance BEGIN SELECT RAISE(ABORT, 'a closed period is not changed'); END;
  CREATE TRIGGER period_balance_remains BEFORE DELETE ON period_balance BEGIN SELECT RAISE(ABORT, 'a closed period is not deleted'); END;

  INSERT INTO account (network, name, layer)
    SELECT network, 'wallet:' || wallet_id, layer FROM wallet, (SELECT 'settled' AS layer UNION ALL SELECT 'waiting')
    UNION ALL SELECT DISTINCT network, part.name, layer FROM wallet, (SELECT 'outside' AS name UNION ALL SELECT 'fees' UNION ALL SELECT 'transit') part, (SELECT 'settled' AS layer UNION ALL SELECT 'waiting');
  CREATE TEMP TABLE leg AS
    SELECT min(t.id) OVER (PARTITION BY w.network, t.txid) AS journal, w.network, t.txid, 'wallet:' || t.wallet_id AS name, t.height, t.booked_at,
      CASE t.state WHEN 'confirmed' THEN 'settled' ELSE 'waiting' END AS layer, t.change_sats AS change, coalesce(t.fee_sats, 0) AS fee
    FROM wallet_transaction t JOIN wallet w ON w.wallet_id = t.wallet_id WHERE t.live = 1;
  CREATE TEMP TABLE flow AS
    SELECT journal, network, settled, waiting,
      CASE WHEN settled < 0 AND waiting > 0 THEN min(-settled, waiting) WHEN waiting < 0 AND settled > 0 THEN -min(-waiting, settled) ELSE 0 END AS transit
    FROM (SELECT journal, network, sum(CASE layer WHEN 'settled' THEN change + fee ELSE 0 END) AS settled, sum(CASE layer WHEN 'waiting' THEN change + fee ELSE 0 END) AS waiting FROM leg GROUP BY journal, network);
  INSERT INTO posting (journal, account, amount_sats)
    SELECT part.journal, a.id, part.amount FROM (
      SELECT journal, network, name, layer, change AS amount FROM leg
      UNION ALL SELECT journal, network, 'fees', layer, sum(fee) FROM leg GROUP BY journal, network, layer
      UNION ALL SELECT journal, network, 'transit', 'settled', transit FROM flow
      UNION ALL SELECT journal, network, 'transit', 'waiting', -transit FROM flow
      UNION ALL SELECT journal, network, 'outside', 'settled', -settled - transit FROM flow
      UNION ALL SELECT journal, network, 'outside', 'waiting', -waiting + transit FROM flow
    ) part JOIN account a ON a.network = part.network AND a.name = part.name AND a.layer = part.layer WHERE part.amount <> 0;
  INSERT INTO journal (id, network, txid, event, height, booked_at) SELECT journal, network, txid, 'opened', max(height), min(booked_at) FROM leg GROUP BY journal ORDER BY journal;
  INSERT INTO unspent (wallet_id, txid, vout, amount_sats, height)
    SELECT t.wallet_id, t.txid, o.vout, o.amount_sats, t.height FROM wallet_transaction t JOIN output o ON o.entry = t.id
    WHERE t.live = 1 AND t.state = 'confirmed' AND t.height IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM spend s CROSS JOIN wallet_transaction u ON u.id = s.entry
      WHERE s.txid = t.txid AND s.vout = o.vout AND +u.wallet_id = t.wallet_id AND u.live = 1 AND +u.state = 'confirmed');
  DROP TABLE leg;
  DROP TABLE flow;
`;
