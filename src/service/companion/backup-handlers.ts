import { sha256 } from '@noble/hashes/sha2.js';
import { compareWithLive, confirmed } from '../../companion/node-care/backup-comparison.ts';
import { formatBackupList, parseBackupList, stateOfBackup, withBackup, withTest, type Backup } from '../../companion/node-care/backup-list.ts';
import { sumSats } from '../../domain/amount.ts';
import { parseBase64, toBase64, toHex } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import type { Handlers } from '../../host/contract.ts';
import type { CareNode, WalletView } from '../../companion/node-care/care-node.ts';
import { withCareNode } from './care-handlers.ts';
import type { CompanionEffects } from './effects.ts';

type Core = Handlers<typeof companionCoreContract>;
type BackupHandlers = Pick<Core, 'node.backup' | 'node.backup-test' | 'node.backups'>;

/** A busy hot wallet of years. */
const MAX_WALLET_FILE_BYTES = 256 * 1024 * 1024;
const COPY = 'wallet.dat';
const RESTORED = 'restored';

export const backupHandlers = (effects: CompanionEffects): BackupHandlers => ({
  'node.backup': ({ node: url, wallet, lock, fileName }, context) =>
    withCareNode(effects, url, async (node) => {
      requireLocal(node);
      return effects.care.withPrivateFolder(async (folder) => {
        context.progress({ fraction: null, activity: 'The node writes its wallet\'s file' });
        await node.backUpWallet(wallet, folder.path(COPY));
        // SECURITY: the file may hold private keys. It is never parsed: these bytes go into the cipher and nowhere else, and are wiped.
        const plaintext = await folder.read(COPY, MAX_WALLET_FILE_BYTES);
        let backup: Uint8Array;
        try {
          context.progress({ fraction: null, activity: 'Encrypting' });
          backup = await effects.care.encrypt(plaintext, lock);
        } finally {
          plaintext.fill(0);
        }
        const hash = toHex(sha256(backup));
        await changeList(effects, (backups) => withBackup(backups, { sha256: hash, file: fileName, wallet, bytes: backup.length, madeAt: effects.now(), openedBy: lock.kind }));
        return { backupBase64: toBase64(backup), sha256: hash, bytes: backup.length };
      });
    }),

  'node.backup-test': ({ node: url, wallet, backupBase64, fileName, key }, context) =>
    withCareNode(effects, url, async (node) => {
      requireLocal(node);
      const backup = parseBase64(backupBase64);
      const hash = toHex(sha256(backup));
      const outcome = await effects.care.withPrivateFolder(async (folder) => {
        context.progress({ fraction: null, activity: 'Decrypting' });
        const plaintext = await effects.care.decrypt(backup, key);
        try {
          await folder.write(COPY, plaintext);
        } finally {
          plaintext.fill(0);
        }
        context.progress({ fraction: null, activity: 'The node opens the backup beside the living wallet' });
        // A path as its name: the node puts its files into our folder, and they go with it.
        const name = folder.path(RESTORED);
        await node.restoreWallet(name, folder.path(COPY));
        try {
          return await compare(node, wallet, name);
        } finally {
          await node.unloadWallet(name);
        }
      });
      const testedAt = effects.now();
      const good = outcome.differences.length === 0;
      await changeList(effects, (backups) => {
        const isListed = backups.some((item) => item.sha256 === hash);
        // Of another machine, or from before the list was lost.
        const listed = isListed ? backups : withBackup(backups, { sha256: hash, file: fileName, wallet, bytes: backup.length, madeAt: testedAt, openedBy: key.kind === 'identity' ? 'recipients' : 'passphrase' });
        return withTest(listed, hash, { at: testedAt, good, differences: [...outcome.differences] });
      });
      const total = (view: WalletView): string => String(sumSats(confirmed(view.outputs).map(({ amountSats }) => amountSats)));
      return {
        good, differences: [...outcome.differences], sha256: hash, testedAt,
        descriptors: outcome.live.descriptors.length, addresses: outcome.live.firstAddresses.length, outputs: confirmed(outcome.live.outputs).length,
        amountSats: total(outcome.live), restoredSats: total(outcome.restored),
      };
    }),

  'node.backups': async () => {
    const now = effects.now();
    const backups = parseBackupList(await effects.care.backupList.read());
    return { backups: backups.map(({ tests: _, ...backup }) => ({ ...backup, ...stateOfBackup({ ...backup, tests: _ }, now) })) };
  },
});

/** The living wallet and its restored backup; once more where a block came in between. */
async function compare(node: CareNode, wallet: string, restoredName: string) {
  for (let left = 2; ; left -= 1) {
    const live = await node.viewWallet(wallet);
    const restored = await node.viewWallet(restoredName);
    const differences = compareWithLive(live, restored, await node.ownAddresses(restoredName, live.firstAddresses));
    if (differences.length === 0 || left === 0) return { live, restored, differences };
  }
}

async function changeList(effects: CompanionEffects, change: (backups: readonly Backup[]) => readonly Backup[]): Promise<void> {
  const { backupList } = effects.care;
  await backupList.write(formatBackupList(change(parseBackupList(await backupList.read()))));
}

function requireLocal(node: CareNode): void {
  if (!node.isLocal) throw new StrongroomError('backup.not-local', 'The node runs on another machine, and its wallet file can be taken on that one only.', {}, 'Run this command there.');
}
