/**
 * Step 8 of the ledger's schema: the watched wallets that a sweep spends from, whose quorums sign it. A plan without any is signed by the
 * cosigners of the wallet that it is of, by the node, or with the keys of papers, as `queue_entry.signers` says. Sweeps out of watched
 * wallets that were planned before this step have none either: planned again, they get theirs.
 */
export const signingWalletsSchema = `
  CREATE TABLE queue_signing_wallet (
    plan_id TEXT NOT NULL REFERENCES queue_entry ON DELETE CASCADE, position INTEGER NOT NULL, wallet_id TEXT NOT NULL REFERENCES queue_wallet,
    name TEXT NOT NULL, still_needed INTEGER NOT NULL CHECK (still_needed >= 0), PRIMARY KEY (plan_id, wallet_id)
  ) STRICT, WITHOUT ROWID;
`;
