/**
 * Step 7 of the ledger's schema: looks at the chain that brought so much that they are booked in parts, and are not through yet. Until
 * then the books of the wallet say less than the node does.
 */
export const unfinishedSchema = `
  CREATE TABLE unfinished_look (
    wallet_id TEXT PRIMARY KEY REFERENCES wallet, booked INTEGER NOT NULL CHECK (booked >= 0), total INTEGER NOT NULL CHECK (total >= booked)
  ) STRICT, WITHOUT ROWID;
`;
