import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseScriptDescriptor } from '../../src/wallet/expression/script-expression.ts';
import { describedWallet } from '../../src/wallet/expression/wallet-expression.ts';
import { descriptorOfPolicy, policyOfDescriptor } from '../../src/wallet/expression/wallet-policy.ts';

interface Valid { readonly template: string; readonly keys: readonly string[]; readonly descriptor: string }
const path = join(process.env.STRONGROOM_VECTORS ?? join(import.meta.dirname, '../../../shared/vectors'), 'bip388/bip388_vectors.json');
const vectors = JSON.parse(readFileSync(path, 'utf8')) as { readonly valid: readonly Valid[]; readonly invalid: readonly { readonly template: string; readonly reason: string }[] };

/** Policies that no wallet here is made of, each by the name that it is refused by. */
const unsupported: Readonly<Record<string, string>> = {
  'wsh(thresh(3,pk(@0/**),s:pk(@1/**),s:pk(@2/**),sln:older(12960)))': 'miniscript',
  'wsh(or_d(pk(@0/**),and_v(v:multi(2,@1/**,@2/**,@3/**),older(65535))))': 'miniscript',
  'tr(@0/**,{sortedmulti_a(1,@0/<2;3>/*,@1/**),or_b(pk(@2/**),s:pk(@3/**))})': 'miniscript',
  'tr(musig(@0,@1,@2)/**,{and_v(v:pk(musig(@0,@1)/**),older(12960)),{and_v(v:pk(musig(@0,@2)/**),older(12960)),and_v(v:pk(musig(@1,@2)/**),older(12960))}})': 'musig',
};

describe('valid policies', () => {
  for (const { template, keys, descriptor } of vectors.valid) {
    test(template, () => {
      expect(descriptorOfPolicy({ template, keys })).toBe(descriptor);
      expect(policyOfDescriptor(descriptor)).toEqual({ template, keys });
      const what = unsupported[template];
      const read = () => describedWallet(parseScriptDescriptor(descriptor));
      if (what !== undefined) expect(read).toThrow(expect.objectContaining({ code: 'wallet.descriptor-unsupported', details: { what } }));
      else expect(read()).toMatchObject({ branches: 'both', keys: { length: keys.length } });
    });
  }
});

describe('invalid templates are refused', () => {
  // Keys for as many placeholders as a template may name, so that it is the template that is refused.
  const keys = [...new Set(vectors.valid.flatMap((each) => each.keys.map((key) => key.replace(/^.*\]/, ''))))];
  for (const { template, reason } of vectors.invalid) {
    test(`${reason}: ${template}`, () => {
      for (const count of [1, 2, 3]) expect(() => descriptorOfPolicy({ template, keys: keys.slice(0, count) })).toThrow(expect.objectContaining({ code: 'wallet.malformed' }));
    });
  }
});
