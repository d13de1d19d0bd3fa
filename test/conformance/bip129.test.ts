import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inflateRaw } from '../../src/airgap/inflate.ts';
import { toHex } from '../../src/domain/bytes.ts';
import { addressOfScript } from '../../src/wallet/address.ts';
import { decryptBsms, encryptBsms } from '../../src/wallet/dialects/bsms-encryption.ts';
import { formatBsms } from '../../src/wallet/dialects/bsms.ts';
import { importWallet } from '../../src/wallet/dialects/import-wallet.ts';
import { readForeign } from '../../src/wallet/dialects/read-foreign.ts';
import { parseScriptDescriptor } from '../../src/wallet/expression/script-expression.ts';
import { scriptsOf } from '../../src/wallet/expression/scripts-of.ts';

interface Mode {
  readonly mode: string;
  readonly files: readonly { readonly file: string; readonly content: string }[];
  readonly fields: readonly { readonly key: string; readonly value: string }[];
}
const path = join(process.env.STRONGROOM_VECTORS ?? join(import.meta.dirname, '../../../shared/vectors'), 'bip129/bsms_vectors.json');
const modes = JSON.parse(readFileSync(path, 'utf8')) as readonly Mode[];

const read = (text: string, password: string | null = null) => readForeign(text, { script: null, password, inflate: inflateRaw });
const code = (expected: string, details: object = {}): unknown => expect.objectContaining({ code: expected, details: expect.objectContaining(details) });
const tokensOf = ({ fields }: Mode): readonly string[] => fields.filter(({ key, value }) => key.startsWith('TOKEN') && /^([0-9a-f]{16}|[0-9a-f]{32})$/.test(value)).map(({ value }) => value);

/** Key records and wallets that none of ours is made of, by the reason. */
const refused: Readonly<Record<string, readonly [code: string, details: object]>> = {
  // Fixed public keys have no addresses but one.
  'Mode: NO_ENCRYPTION with Public Keys': ['wallet.descriptor-unsupported', { what: 'a key without children' }],
  // Its wallet is multi(), whose keys stand in a fixed order; its key records are read.
  'Mode: EXTENDED Encryption': ['wallet.unsorted', { function: 'multi' }],
};

for (const mode of modes) {
  describe(mode.mode, () => {
    for (const { file, content } of mode.files.filter((each) => each.file.endsWith('.bsms'))) {
      const isKey = content.split('\n').length === 5;
      const [expected, details] = refused[mode.mode] ?? [];
      const isRefused = expected !== undefined && (!isKey || expected === 'wallet.descriptor-unsupported');
      test(`${file} is ${isRefused ? 'refused by name' : 'read'}`, () => {
        if (isRefused) {
          expect(() => read(content)).toThrow(code(expected, details));
        } else if (isKey) {
          const record = read(content);
          expect(record).toMatchObject({ kind: 'keys', format: 'bsms', keys: [{ label: content.split('\n')[3] }] });
        } else {
          const { wallet, losses } = importWallet(read(content), { name: null, fallbackName: null, network: null });
          expect(losses).toEqual([]);
          // h and ' mean the same.
          const written = formatBsms(wallet).split('\n');
          expect(written[3]).toBe(content.split('\n')[3]);
          expect(written[1]?.replace(/\[[^\]]*\]/g, (origin) => origin.replaceAll('h', "'"))).toBe(content.split('\n')[1]);
        }
      });
      test(`${file}: its ${isKey ? 'signature' : 'first address'} is compared`, () => {
        const lines = content.split('\n');
        if (isKey) {
          expect(() => read([...lines.slice(0, 3), 'Another key', lines[4]].join('\n'))).toThrow(code('key.signature-invalid'));
        } else {
          const descriptor = parseScriptDescriptor(lines[1] as string, { shorthand: true });
          expect(addressOfScript(scriptsOf(descriptor.script, 0, 0)[0] as Uint8Array, 'mainnet')).toBe(lines[3]);
        }
      });
    }

    for (const { file, content } of mode.files.filter((each) => each.file.endsWith('.dat'))) {
      test(`${file} decrypts to the record beside it, and the record encrypts to it`, () => {
        const records = mode.files.filter((each) => each.file.endsWith('.bsms')).map((each) => each.content);
        const opened = tokensOf(mode).flatMap((token) => {
          try {
            return [{ token, record: decryptBsms(content, token) }];
          } catch {
            return [];
          }
        });
        expect(opened).toHaveLength(1);
        const [{ token, record }] = opened as [{ token: string; record: string }];
        expect(records).toContain(record);
        expect(encryptBsms(record, token)).toBe(content);
        expect(() => decryptBsms(content, null)).toThrow(code('wallet.encrypted'));
        expect(() => decryptBsms(content, toHex(new Uint8Array(8)))).toThrow(code('wallet.encrypted'));
      });
    }
  });
}
