import { expect, test } from 'vitest';
import type { CareNode } from '../../../src/companion/node-care/care-node.ts';
import { backupHandlers } from '../../../src/service/companion/backup-handlers.ts';
import type { CompanionEffects } from '../../../src/service/companion/effects.ts';
import { noCare } from './no-care.ts';

const context = { progress: () => undefined, isCancelled: () => false };
const PASSPHRASE = { kind: 'passphrase', passphrase: 'only a rehearsal passphrase' } as const;

function effectsWith(node: Partial<CareNode>, more: Partial<CompanionEffects['care']> = {}): { effects: CompanionEffects; closed: () => number } {
  let closed = 0;
  const effects = { now: () => '2026-11-23T10:00:00.000Z', care: { ...noCare, openNode: async () => ({ ...node, close: () => { closed += 1; } }) as CareNode, ...more } } as unknown as CompanionEffects;
  return { effects, closed: () => closed };
}

test('a wallet file is taken from a node on this machine only', async () => {
  const { effects, closed } = effectsWith({ isLocal: false });
  const handlers = backupHandlers(effects);
  await expect(handlers['node.backup']({ node: 'n', wallet: 'hot', lock: PASSPHRASE, fileName: 'a.age' }, context)).rejects.toMatchObject({ code: 'backup.not-local' });
  await expect(handlers['node.backup-test']({ node: 'n', wallet: 'hot', backupBase64: '', key: PASSPHRASE, fileName: 'a.age' }, context)).rejects.toMatchObject({ code: 'backup.not-local' });
  expect(closed()).toBe(2);
});

test('the wallet\'s bytes are wiped once they are encrypted, and where encrypting fails', async () => {
  for (const fails of [false, true]) {
    const plaintext = Uint8Array.from([1, 2, 3, 4]);
    let list: string | null = null;
    const { effects } = effectsWith({ isLocal: true, backUpWallet: async () => undefined }, {
      withPrivateFolder: (work) => work({ path: (name) => name, read: async () => plaintext, write: async () => undefined }),
      encrypt: async (bytes) => {
        expect([...bytes]).toEqual([1, 2, 3, 4]);
        if (fails) throw new Error('no');
        return Uint8Array.from([9]);
      },
      backupList: { read: async () => list, write: async (text) => { list = text; } },
    });
    const asked = Promise.resolve(backupHandlers(effects)['node.backup']({ node: 'n', wallet: 'hot', lock: PASSPHRASE, fileName: 'a.age' }, context));
    if (fails) await expect(asked).rejects.toThrow('no');
    else await expect(asked).resolves.toMatchObject({ backupBase64: 'CQ==', bytes: 1 });
    expect([...plaintext]).toEqual([0, 0, 0, 0]);
    expect(list === null).toBe(fails);
  }
});
