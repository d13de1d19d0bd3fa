import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '@noble/hashes/sha2.js';
import { createBase58check } from '@scure/base';
import { BIP32Factory } from 'bip32';
import * as ecc from 'tiny-secp256k1';
import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/domain/bytes.ts';
import { ExpressionReader } from '../../src/wallet/expression/reader.ts';
import { readKeyExpression } from '../../src/wallet/expression/key-expression.ts';
import { parseScriptDescriptor } from '../../src/wallet/expression/script-expression.ts';
import { scriptsOf } from '../../src/wallet/expression/scripts-of.ts';

interface Case { readonly descriptor?: string; readonly key_expression?: string; readonly case?: string; readonly results?: readonly string[] }
const path = join(process.env.STRONGROOM_VECTORS ?? join(import.meta.dirname, '../../../shared/vectors'), 'bip380-390_descriptors/descriptor_vectors.json');
const vectors = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, { readonly valid: readonly Case[]; readonly invalid: readonly Case[] }>>;
const cases = (kind: 'valid' | 'invalid'): [string, string, Case][] =>
  Object.entries(vectors).flatMap(([bip, set]) => set[kind].map((each, index): [string, string, Case] => [`${bip} ${kind} ${index + 1}: ${each.case ?? (each.descriptor ?? '').slice(0, 40)}`, bip, each]));

const code = (...codes: string[]): unknown => expect.objectContaining({ code: expect.stringMatching(new RegExp(`^(${codes.join('|')})$`)) });
const PRIVATE = /[xt]prv[1-9A-HJ-NP-Za-km-z]{20,}|\b[5KL][1-9A-HJ-NP-Za-km-z]{50,51}\b/;

/*
 * Strongroom takes no private key where a public one belongs, so descriptors with one are refused (`wallet.private-key`). To compare
 * the scripts all the same, the test puts the public key in its place: of an extended key the hardened steps are walked first.
 */
const bip32 = BIP32Factory(ecc);
const publicKeyOfWif = (wif: string): string => {
  const data = createBase58check(sha256).decode(wif);
  return toHex(ecc.pointFromScalar(data.slice(1, 33), data.length === 34) as Uint8Array);
};
const network = { messagePrefix: '', bech32: 'bc', bip32: { public: 0x0488b21e, private: 0x0488ade4 }, pubKeyHash: 0, scriptHash: 5, wif: 0x80 };

function neutered(descriptor: string, child: number): string {
  return descriptor
    .replace(/(xprv[1-9A-HJ-NP-Za-km-z]+)((?:\/[0-9*;<>h']+)*)/g, (_, xprv: string, tail: string) => {
      let key = bip32.fromBase58(xprv, network);
      const steps = tail.replace(/\*['h]/, `${child}h`).split('/').slice(1);
      const lastHardened = steps.findLastIndex((step) => /['h]$/.test(step));
      for (const step of steps.slice(0, lastHardened + 1)) key = /['h]$/.test(step) ? key.deriveHardened(Number.parseInt(step, 10)) : key.derive(Number(step));
      return [key.neutered().toBase58(), ...steps.slice(lastHardened + 1)].join('/');
    })
    .replace(/\b([5KL][1-9A-HJ-NP-Za-km-z]{50,51})\b/g, publicKeyOfWif);
}

describe('valid descriptors and key expressions', () => {
  for (const [name, bip, each] of cases('valid')) {
    const { descriptor, key_expression: key, results = [] } = each;
    if (bip === 'bip390') {
      // Reason: MuSig2 needs rounds between the signers, which Strongroom's straight line of a PSBT does not have.
      test(`${name}: musig is refused by name`, () => {
        expect(() => parseScriptDescriptor(neutered(descriptor as string, 0))).toThrow(expect.objectContaining({ code: 'wallet.descriptor-unsupported', details: { what: 'musig' } }));
      });
    } else if (key !== undefined) {
      test(name, () => {
        const read = () => {
          // A WIF is told by the text that it stands in, since a key alone has no prefix that says so.
          const descriptor = parseScriptDescriptor(`pk(${key})`);
          const reader = new ExpressionReader(key);
          readKeyExpression(reader, { uncompressed: true, xOnly: false }, false);
          return { descriptor, isAtEnd: reader.isAtEnd };
        };
        if (PRIVATE.test(key)) expect(read).toThrow(code('wallet.private-key'));
        else expect(read()).toMatchObject({ descriptor: { alternatives: 1 }, isAtEnd: true });
      });
    } else if (bip === 'bip389') {
      test(name, () => {
        const text = descriptor as string;
        if (PRIVATE.test(text)) expect(() => parseScriptDescriptor(text)).toThrow(code('wallet.private-key'));
        // One of the alternatives of a private one is hardened: each is neutered by itself below.
        const parsed = PRIVATE.test(text) ? null : parseScriptDescriptor(text);
        if (parsed !== null) expect(parsed.alternatives).toBe(results.length);
        for (const [alternative, expected] of results.entries()) {
          const single = parseScriptDescriptor(neutered(expected, 0));
          const scripts = scriptsOf(single.script, 0, 7).map(toHex);
          expect(scripts.length).toBe(1);
          if (parsed !== null) expect(scriptsOf(parsed.script, alternative, 7).map(toHex)).toEqual(scripts);
        }
      });
    } else {
      test(name, () => {
        const text = descriptor as string;
        if (PRIVATE.test(text)) expect(() => parseScriptDescriptor(text)).toThrow(code('wallet.private-key'));
        const expected = results.filter((result) => /^[0-9a-f]+$/.test(result));
        const perChild = text.startsWith('combo') ? (results.includes('Child 0') ? expected.length / results.filter((result) => result.startsWith('Child')).length : expected.length) : 1;
        for (let child = 0; child * perChild < Math.max(expected.length, 1); child += 1) {
          const scripts = scriptsOf(parseScriptDescriptor(neutered(text, child)).script, 0, child).map(toHex);
          if (expected.length > 0) expect(scripts).toEqual(expected.slice(child * perChild, (child + 1) * perChild));
        }
      });
    }
  }
});

describe('invalid descriptors and key expressions are refused', () => {
  for (const [name, bip, { descriptor, key_expression: key }] of cases('invalid')) {
    test(name, () => {
      const refused = code('wallet.malformed', 'wallet.checksum', 'wallet.private-key', 'key.record-malformed', ...(bip === 'bip390' ? ['wallet.descriptor-unsupported'] : []));
      expect(() => parseScriptDescriptor(descriptor ?? `pk(${key})`)).toThrow(refused);
      // Not only because of the private key in it.
      if (descriptor !== undefined && PRIVATE.test(descriptor)) expect(() => parseScriptDescriptor(neutered(descriptor, 0))).toThrow(refused);
    });
  }
});
