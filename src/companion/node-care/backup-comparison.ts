import type { NodeOutput, WalletView } from './care-node.ts';

export const backupDifferences = ['kind', 'private-keys', 'descriptors', 'first-addresses', 'outputs', 'amounts'] as const;
export type BackupDifference = (typeof backupDifferences)[number];

/**
 * What of a wallet its restored backup lacks or has otherwise. Only what is in blocks is compared: what waits is not in any backup.
 * @param ownFirst whether the restored wallet counts each of the live wallet's first addresses as its own
 */
export function compareWithLive(live: WalletView, restored: WalletView, ownFirst: readonly boolean[]): readonly BackupDifference[] {
  const differences: BackupDifference[] = [];
  if (live.kind !== restored.kind) differences.push('kind');
  // A backup that only watches would restore no money.
  if (live.privateKeys && !restored.privateKeys) differences.push('private-keys');
  const held = new Set(restored.descriptors.map(({ descriptor }) => descriptor));
  if (live.descriptors.some(({ descriptor }) => !held.has(descriptor))) differences.push('descriptors');
  if (ownFirst.length !== live.firstAddresses.length || !ownFirst.every((own) => own)) differences.push('first-addresses');
  const known = new Map(confirmed(restored.outputs).map(({ outpoint, amountSats }) => [outpoint, amountSats]));
  const expected = confirmed(live.outputs);
  if (known.size !== expected.length || expected.some(({ outpoint }) => !known.has(outpoint))) differences.push('outputs');
  if (expected.some(({ outpoint, amountSats }) => known.has(outpoint) && known.get(outpoint) !== amountSats)) differences.push('amounts');
  return differences;
}

export const confirmed = (outputs: readonly NodeOutput[]): readonly NodeOutput[] => outputs.filter(({ confirmations }) => confirmations > 0);
