import { expect, test } from 'vitest';
import { defaultLedgerFile } from '../../../../src/cli/companion/ledger-place.ts';

test('the ledger lies in the data folder of each system', () => {
  expect(defaultLedgerFile('linux', '/home/ada', {})).toBe('/home/ada/.local/share/strongroom-companion/ledger.db');
  expect(defaultLedgerFile('linux', '/home/ada', { XDG_DATA_HOME: '/data' })).toBe('/data/strongroom-companion/ledger.db');
  expect(defaultLedgerFile('darwin', '/Users/ada', {})).toBe('/Users/ada/Library/Application Support/Strongroom Companion/ledger.db');
});

test('a relative XDG_DATA_HOME is ignored, as the specification says', () => {
  expect(defaultLedgerFile('linux', '/home/ada', { XDG_DATA_HOME: 'data' })).toBe('/home/ada/.local/share/strongroom-companion/ledger.db');
});
