import { describe, expect, test } from 'vitest';
import { decodeBc32, encodeBc32 } from '../../../../src/airgap/frames/bc32.ts';
import { decodeBytewords, encodeBytewords } from '../../../../src/airgap/frames/bytewords.ts';
import { decodeCbor, encodeCbor, type CborValue } from '../../../../src/airgap/frames/cbor.ts';
import { assembleFrames } from '../../../../src/airgap/frames/frame-assembler.ts';
import { frameSequence } from '../../../../src/airgap/frames/frame-sequence.ts';
import { contentOfUr, urOfContent } from '../../../../src/airgap/frames/ur-content.ts';
import { utf8Text } from '../../../../src/airgap/frames/utf8-text.ts';
import { concat, parseHex, toHex, utf8 } from '../../../../src/domain/bytes.ts';
import { walletDescriptor } from '../../../../src/wallet/wallet.ts';
import { testWallet } from '../../support/psbt-builder.ts';
import { noise } from './noise.ts';

const code = (text: string) => expect.objectContaining({ code: text });
const ur = (type: string, cbor: CborValue): string => `ur:${type}/${encodeBytewords(encodeCbor(cbor))}`;
const map = (...entries: [number, CborValue][]): CborValue => ({ entries });
const tag = (number: number, value: CborValue): CborValue => ({ tag: number, value });
const part = (sequence: number, count: number, bytes: number, checksum: number, data: Uint8Array): string => `ur:bytes/${sequence}-${count}/${encodeBytewords(encodeCbor([sequence, count, bytes, checksum, data]))}`;

describe('bytewords', () => {
  test('a letter that belongs to no word, half a word, and too few', () => {
    const good = encodeBytewords(Uint8Array.of(1, 2, 3));
    expect(good).toBe('adaoaxgorflaca');
    for (const text of [good.replace('ax', 'zz'), good.slice(1), good.slice(0, 8), good.replace('ax', 'a1'), '']) expect(() => decodeBytewords(text)).toThrow(code('frames.malformed'));
    expect(() => decodeBytewords(good.replace('ax', 'ad'))).toThrow(code('frames.checksum'));
  });
});

describe('parts of version 2', () => {
  const data = new Uint8Array(100);
  test.each([
    ['another number in its path', part(1, 2, 200, 1, data).replace('/1-2/', '/2-2/'), 'frames.malformed'],
    ['another count in its path', part(1, 2, 200, 1, data).replace('/1-2/', '/1-3/'), 'frames.malformed'],
    ['the number zero', part(0, 2, 200, 1, data), 'frames.malformed'],
    ['a number beyond 32 bits', part(0x1_0000_0000 - 1, 2, 200, 1, data).replace('4294967295-', '4294967296-'), 'frames.malformed'],
    ['no data', part(1, 2, 200, 1, new Uint8Array(0)), 'frames.malformed'],
    ['too little data for its count', part(1, 2, 300, 1, data), 'frames.malformed'],
    ['more parts than are read', part(1, 5000, 500_000, 1, data), 'frames.too-large'],
    ['more bytes than are read', part(1, 4096, 4096 * 1200, 1, new Uint8Array(1200)), 'frames.too-large'],
    ['something else in place of its array', `ur:bytes/1-2/${encodeBytewords(encodeCbor([1, 2]))}`, 'frames.malformed'],
    ['a type that is none', 'ur:by_tes/aeadaolazmjendeoti', 'frames.malformed'],
    ['a type that is not taken', 'ur:crypto-seed/1-9/aeadaolazmjendeoti', 'frames.unsupported'],
    ['a path that is none', 'ur:bytes/1-2/3-4/aeadaolazmjendeoti', 'frames.malformed'],
    ['nothing behind its type', 'ur:bytes', 'frames.malformed'],
  ])('%s', (_title, frame, expected) => {
    expect(() => assembleFrames([frame])).toThrow(code(expected));
  });

  test('a message that its parts give and its checksum does not is refused', () => {
    expect(() => assembleFrames([part(1, 2, 200, 1, data), part(2, 2, 200, 1, data)])).toThrow(code('frames.checksum'));
  });

  test('a short content is one UR without parts, and a long one keeps to its density for ever', () => {
    expect(frameSequence({ kind: 'bytes', bytes: Uint8Array.of(0, 1, 0xff) }, { format: 'ur', version: 10 }).frame(5)).toBe('UR:BYTES/FXAEADZMNSZTYNAX');
    const sequence = frameSequence({ kind: 'bytes', bytes: noise(5000) }, { format: 'ur', version: 10 });
    for (const position of [0, 10, 100_000, 4_294_967_294]) expect(sequence.frame(position).length).toBeLessThanOrEqual(395);
    expect(sequence.frame(4_294_967_295)).toBe(sequence.frame(0));
  });
});

describe('version 1 (BCR-0005)', () => {
  test('BC32: the published examples, both ways', () => {
    expect(encodeBc32(utf8('Hello world'))).toBe('fpjkcmr0ypmk7unvvsh4ra4j');
    expect(toHex(decodeBc32('my6qv05zqq0wcpv9aeq6khvwfdcr5jlp7uawcg0pgwgjc4shjm6xu'))).toBe('d934063e82001eec0585ee41ab5d8e4b703a4be1f73aec21e143912c56');
    expect(() => decodeBc32('fpjkcmr0ypmk7unvvsh4ra4q')).toThrow(code('frames.checksum'));
    expect(() => decodeBc32('fpjkcmr0ypmk7unvvsh4rab4')).toThrow(code('frames.malformed'));
    expect(() => decodeBc32('fpj')).toThrow(code('frames.malformed'));
  });

  test('parts with a digest that is none, that their content does not have, or numbered past their count', () => {
    const content = encodeBc32(encodeCbor(Uint8Array.of(0, 1, 0xff)));
    const digest = encodeBc32(new Uint8Array(32));
    expect(() => assembleFrames([`ur:bytes/1of1/${digest}/${content}`])).toThrow(code('frames.checksum'));
    expect(() => assembleFrames([`ur:bytes/1of1/${encodeBc32(new Uint8Array(31))}/${content}`])).toThrow(code('frames.malformed'));
    expect(() => assembleFrames([`ur:bytes/2of1/${digest}/${content}`])).toThrow(code('frames.malformed'));
    expect(() => assembleFrames([`ur:bytes/1of5000/${digest}/${content}`])).toThrow(code('frames.too-large'));
    expect(toHex(assembleFrames([`ur:bytes/${content}`]).bytes)).toBe('0001ff');
    expect(() => assembleFrames([`ur:bytes/${content.replace(/.$/, (last) => (last === 'q' ? 'p' : 'q'))}`])).toThrow(expect.objectContaining({ code: expect.stringMatching(/^frames\./) as string }));
  });

  test('the length that its paper wrote wrongly for long contents is read as it was meant', () => {
    const bytes = concat(Uint8Array.of(0, 0xff), noise(70_000));
    const wrong = encodeCbor(bytes);
    wrong[0] = 0x60;
    expect(toHex(assembleFrames([`ur:bytes/${encodeBc32(wrong)}`]).bytes)).toBe(toHex(bytes));
  });
});

describe('CBOR', () => {
  test.each([
    ['ends early', '5803aa'], ['has more behind it', '0000'], ['states a million items', '9a000f4240'], ['states a million pairs', 'ba000f4240'], ['states bytes that are not there', '5affffffff00'],
    ['is of an indefinite length', '9fff'], ['has a number beyond 2^53', '1bffffffffffffffff'], ['is a fraction', 'f93c00'], ['has a key twice', 'a201000100'], ['has a list as a key', 'a18000'], ['has a text that is not UTF-8', '61ff'],
    ['is nested too deeply', `${'81'.repeat(40)}00`], ['is tagged too deeply', `${'c1'.repeat(1000)}00`], ['is nothing', ''],
  ])('that %s is refused', (_title, hex) => {
    expect(() => decodeCbor(parseHex(hex))).toThrow(code('frames.malformed'));
  });

  test('RFC 8949, appendix A: examples of what is read, both ways', () => {
    for (const hex of ['00', '17', '1818', '1903e8', '1a000f4240', '20', '3863', '3903e7', 'f4', 'f5', 'f6', 'c074323031332d30332d32315432303a30343a30305a', '4401020304', '6449455446', '62c3bc', '8301820203820405', 'a201020304', '98190102030405060708090a0b0c0d0e0f101112131415161718181819']) {
      expect(toHex(encodeCbor(decodeCbor(parseHex(hex))))).toBe(hex);
    }
  });

  test('UTF-8: halves of pairs, overlong forms and numbers beyond Unicode are no text', () => {
    expect(utf8Text(utf8('héllo €😀'))).toBe('héllo €😀');
    expect(utf8Text(utf8(`${'😀'.repeat(5000)}`))).toBe('😀'.repeat(5000));
    for (const hex of ['c080', 'eda080', 'f4908080', 'e282', 'ff', '80', 'f5808080', 'e08080', 'c3']) expect(utf8Text(parseHex(hex))).toBeNull();
    expect(utf8Text(parseHex('efbbbf41'))).toBe('A');
  });
});

describe('descriptors and keys of the registry', () => {
  const { wallet } = testWallet(2, 3, 'mainnet');
  const text = walletDescriptor(wallet);
  const record = text.replace(/^.*?(\[[^,]*?pub[A-Za-z0-9]+).*$/, '$1');
  const textOf = (frame: string): string => Buffer.from(assembleFrames([frame]).bytes).toString();
  const key = (more: [number, CborValue][] = []): CborValue => map([3, parseHex('02d2b36900396c9282fa14628566582f206a5dd0bcc8d5e892611806cafb0301f0')], [4, parseHex('637807030d55d01f9a0cb3a7839515d796bd07706386a6eddf06cc29a65a0e29')], ...more);
  const wpkh = (inner: CborValue): string => ur('crypto-output', tag(404, tag(303, inner)));

  test.each([['crypto', 'crypto-output'], ['current', 'output-descriptor']] as const)('a wallet of ours crosses as a UR of the %s names and comes back character for character', (urNames, type) => {
    const content = { kind: 'wallet-descriptor' as const, bytes: utf8(text) };
    expect(urOfContent(content, urNames).type).toBe(type);
    const sequence = frameSequence(content, { format: 'ur', version: 20, urNames });
    expect(assembleFrames(Array.from({ length: sequence.parts }, (_, index) => sequence.frame(index)))).toEqual(content);
  });

  test.each([['crypto', 'crypto-hdkey'], ['current', 'hdkey']] as const)('a key record crosses as a UR of the %s names', (urNames, type) => {
    const content = { kind: 'key-record' as const, bytes: utf8(record) };
    const { type: written, cbor } = urOfContent(content, urNames);
    expect(written).toBe(type);
    expect(contentOfUr(written, cbor)).toEqual(content);
  });

  test('keys in today\'s descriptor stand beside its text', () => {
    expect(textOf(ur('output-descriptor', map([1, 'wsh(sortedmulti(1,@0,@1))'], [2, [tag(40303, key([[7, tag(40304, map([1, [[0, false, 1, false], [], false]]))]])), tag(40303, key())]])))).toMatch(/^wsh\(sortedmulti\(1,xpub[A-Za-z0-9]+\/<0;1>\/\*,xpub[A-Za-z0-9]+\)\)#[a-z0-9]{8}$/);
  });

  test.each([
    ['a private key', wpkh(key([[2, true]])), 'wallet.private-key'],
    ['a master key', wpkh(key([[1, true]])), 'wallet.private-key'],
    ['key data of a private key', wpkh(map([3, new Uint8Array(33)], [4, new Uint8Array(32)])), 'wallet.private-key'],
    ['a private single key', ur('crypto-output', tag(404, tag(306, map([2, true], [3, new Uint8Array(32)])))), 'wallet.private-key'],
    ['a private key in an account', ur('crypto-account', map([1, 1], [2, [tag(404, tag(303, key([[2, true]])))]])), 'wallet.private-key'],
    ['a key without a chain code', wpkh(map([3, parseHex(`02${'11'.repeat(32)}`)])), 'frames.unsupported'],
    ['a key of another coin', wpkh(key([[5, tag(305, map([1, 60]))]])), 'frames.unsupported'],
    ['a range of children', wpkh(key([[7, tag(304, map([1, [[0, 5], false]]))]])), 'frames.unsupported'],
    ['an address', ur('crypto-output', tag(307, map([3, new Uint8Array(20)]))), 'frames.unsupported'],
    ['an address as a key', ur('output-descriptor', map([1, 'addr(@0)'], [2, [tag(40307, map([3, new Uint8Array(20)]))]])), 'frames.unsupported'],
    ['a key of the wrong length', wpkh(map([3, new Uint8Array(5)])), 'frames.malformed'],
    ['a path without its flags', wpkh(key([[7, tag(304, map([1, [0, 1]]))]])), 'frames.malformed'],
    ['an origin with a wildcard', wpkh(key([[6, tag(304, map([1, [[], false]]))]])), 'frames.malformed'],
    ['a script without a tag', ur('crypto-output', 5), 'frames.malformed'],
    ['a multisig without keys', ur('crypto-output', tag(406, map([1, 2]))), 'frames.malformed'],
    ['a placeholder without a key', ur('output-descriptor', map([1, 'wpkh(@1)'], [2, [tag(40303, key())]])), 'frames.malformed'],
    ['a descriptor without a text', ur('output-descriptor', map([2, []])), 'frames.malformed'],
    ['an account without scripts', ur('crypto-account', map([1, 1])), 'frames.malformed'],
    ['an account with two keys in one script', ur('account-descriptor', map([1, 1], [2, [tag(40308, map([1, 'wsh(@0)'], [2, [tag(40303, key()), tag(40303, key())]]))]])), 'frames.malformed'],
    ['an account with a multisig', ur('crypto-account', map([1, 1], [2, [tag(406, map([1, 1], [2, []]))]])), 'frames.unsupported'],
    ['a PSBT that is none', ur('psbt', Uint8Array.of(1, 2, 3)), 'frames.malformed'],
    ['a PSBT that is no bytes', ur('psbt', 'psbt'), 'frames.malformed'],
  ])('%s is refused', (_title, frame, expected) => {
    expect(() => assembleFrames([frame])).toThrow(code(expected));
  });

  test.each([
    ['a script that the type has no tag for', 'wsh(and_v(v:pk(a),older(5)))', 'frames.unsupported'],
    ['a taproot tree', 'tr(a,{pk(b),pk(c)})', 'frames.unsupported'],
    ['a text that is no descriptor', 'hello', 'frames.unsupported'],
    ['hardened children', `wpkh(${record}/0h)`, 'frames.unsupported'],
    ['a private key', 'wpkh(xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi)', 'wallet.private-key'],
  ])('%s is not written as a crypto-output', (_title, descriptor, expected) => {
    expect(() => urOfContent({ kind: 'wallet-descriptor', bytes: utf8(descriptor) })).toThrow(code(expected));
  });
});
