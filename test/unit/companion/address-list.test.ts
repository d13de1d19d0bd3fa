import { expect, test } from 'vitest';
import { MAX_ADDRESSES, parseAddressList } from '../../../src/companion/plan/address-list.ts';
import { addressOfScript } from '../../../src/wallet/address.ts';
import { strangerScript } from '../support/psbt-builder.ts';
import { testPaper } from '../support/paper-sweep-builder.ts';

const malformed = (details: object) => expect.objectContaining({ code: 'addresses.malformed', details: expect.objectContaining(details) });
const [p2pkh, nested, p2wpkh, p2tr] = testPaper(1).paperKey.addresses().map(({ address }) => address) as [string, string, string, string];
const parse = (text: string) => parseAddressList(text, 'regtest').map(({ address }) => address);

test('one address a line, of every type; blanks, blank lines and a byte order mark do not matter', () => {
  expect(parse(`\ufeff${p2pkh}\r\n\n  ${nested} \n${p2wpkh}\n\t\n${p2tr}`)).toEqual([p2pkh, nested, p2wpkh, p2tr]);
});

test('the CSV that "paper wallets" writes: the column named address, wherever it stands', () => {
  expect(parse(`serial,network,script,address\nPW-1,regtest,p2wpkh,${p2wpkh}\nPW-2,regtest,p2tr,${p2tr}\n`)).toEqual([p2wpkh, p2tr]);
  expect(parse(`"Address",note\n${p2pkh},"a, b"\n`)).toEqual([p2pkh]);
});

test('an address that stands twice counts once, in either case', () => {
  expect(parse(`${p2wpkh}\n${p2wpkh.toUpperCase()}\n${p2tr}`)).toEqual([p2wpkh, p2tr]);
});

test('every line that is no address of the network is named, and nothing is taken', () => {
  expect(() => parse(`${p2wpkh}\nnonsense\n${p2tr}\nbc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4\n`)).toThrow(malformed({ reason: 'lines', lines: '2, 4', count: 2 }));
  expect(() => parse(`serial,address\nPW-1\nPW-2,${p2tr}\nPW-3,`)).toThrow(malformed({ lines: '2, 4' }));
  expect(() => parse(`${p2wpkh},${p2tr}`)).toThrow(malformed({ lines: '1' }));
  expect(() => parse(`address\n"${p2wpkh}\n`)).toThrow(malformed({ reason: 'lines' }));
  expect(() => parse(Array<string>(50).fill('x').join('\n'))).toThrow(malformed({ count: 50 }));
});

test('no address, or too many, is refused', () => {
  for (const nothing of ['', '\n\n', 'serial,address\n']) expect(() => parse(nothing)).toThrow(malformed({ reason: 'empty' }));
  const many = Array.from({ length: MAX_ADDRESSES + 1 }, (_, number) => {
    const script = Uint8Array.from(strangerScript(number & 0xff));
    new DataView(script.buffer).setUint32(2, number);
    return addressOfScript(script, 'regtest');
  });
  expect(() => parse(many.join('\n'))).toThrow(malformed({ reason: 'too-many' }));
});

test('a file with keys in it is refused before anything of it is looked at', () => {
  const wif = 'cVpF924EspNh8KjYsfhgY96mmxvT6DgdWiTYMtMjuM74hJaU5psW';
  const bip38 = '6PYNKZ1EAgYgmQfmNVamxyXVWHzK5s6DGhwP4J5o44cvXdoY7sRzhtpUeo';
  for (const secret of [wif, `PW-1,${wif}`, bip38, `${p2wpkh}\nPW-2,${bip38},x`]) {
    expect(() => parse(secret)).toThrow(expect.objectContaining({ code: 'wallet.private-key' }));
    expect(() => parse(secret)).toThrow(expect.objectContaining({ message: expect.not.stringContaining(secret.slice(-20)) }));
  }
});
