/**
 * How far somebody had a wallet watched beyond what sources watch by themselves: nodes remember it where they keep the wallet, Electrum and
 * Esplora servers remember nothing, and a new node knows nothing yet.
 */
export const watchReachSchema = `
  CREATE TABLE watch_reach (
    wallet_id TEXT PRIMARY KEY, child INTEGER NOT NULL CHECK (child >= 0), widened_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;
