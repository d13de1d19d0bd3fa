import { expect, test } from 'vitest';
import { usualScriptOf } from '../../../src/domain/account-script.ts';
import { formatPath } from '../../../src/domain/derivation-path.ts';
import { walletScripts } from '../../../src/domain/wallet-script.ts';
import { scriptName, scriptWords } from '../../../src/domain/wallet-script-words.ts';
import { accountPath } from '../../../src/signer/account-key.ts';

test.each(walletScripts)('the path of a %s account is known for it, on every network and in every spelling', (script) => {
  for (const [network, account] of [['mainnet', 0], ['practice', 999]] as const) {
    const path = formatPath(accountPath(network, account, script));
    expect(usualScriptOf(path)).toBe(script);
    expect(usualScriptOf(`m/${path}`)).toBe(script);
    expect(usualScriptOf(path.replaceAll('h', '\''))).toBe(script);
  }
});

test('a path of nobody\'s habit says nothing', () => {
  for (const path of ['', 'm', '0h', '48h/0h/0h', '48h/0h/0h/4h', '48h/0h/0h/22h', '48/0/0/2', '145h/0h/0h', '845h']) expect(usualScriptOf(path), path).toBeNull();
});

test('one script type is recommended, and each is described in one sentence or two', () => {
  expect(walletScripts.filter((script) => scriptWords[script].standing === 'new')).toEqual(['p2wsh']);
  for (const script of walletScripts) expect(scriptWords[script].advice).toMatch(/^[A-Z].{30,120}\.$/);
  expect(new Set(walletScripts.map(scriptName)).size).toBe(walletScripts.length);
});
