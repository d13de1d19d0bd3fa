import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatLabels, isTag, newLabel, parseLabels, requireTag, shownLabel, withLabel, type LabelRecord } from '../../../src/companion/labels/bip329.ts';
import { membersOf, withMembers } from '../../../src/companion/labels/json-members.ts';
import { StrongroomError } from '../../../src/errors/strongroom-error.ts';

const txid = 'ab'.repeat(32);
const address = 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4';
const faultsOf = (text: string): unknown => {
  try {
    parseLabels(text);
  } catch (error) {
    if (error instanceof StrongroomError && error.code === 'labels.malformed') return error.details['faults'];
    throw error;
  }
  return 'none';
};

test('the six types of BIP329 are read, and an output that is not spendable is frozen', () => {
  const lines = [
    { type: 'tx', ref: txid.toUpperCase(), label: 'Rent', origin: 'wpkh([d34db33f/84h/0h/0h])' },
    { type: 'addr', ref: address, label: 'Müller' },
    { type: 'pubkey', ref: `02${'cd'.repeat(32)}`, label: 'key' },
    { type: 'input', ref: `${txid}:0`, label: 'in' },
    { type: 'output', ref: `${txid}:1`, label: 'dust', spendable: false },
    { type: 'xpub', ref: `xpub${'6'.repeat(107)}`, label: 'account' },
  ];
  const records = parseLabels(`\ufeff${lines.map((line) => JSON.stringify(line)).join('\r\n')}\r\n\r\n`);
  expect(records.map(({ type, ref, label, frozen, origin }) => [type, ref, label, frozen, origin])).toEqual([
    ['tx', txid, 'Rent', false, 'wpkh([d34db33f/84h/0h/0h])'], ['addr', address, 'Müller', false, ''], ['pubkey', `02${'cd'.repeat(32)}`, 'key', false, ''],
    ['input', `${txid}:0`, 'in', false, ''], ['output', `${txid}:1`, 'dust', true, ''], ['xpub', `xpub${'6'.repeat(107)}`, 'account', false, ''],
  ]);
});

test('unknown fields and types go out byte for byte as they came in', () => {
  const lines = ['{ "type":"tx" ,"ref":"' + txid + '", "label":"caf\\u00e9", "fmv":{"USD":1.50e3},"heights":[ 1, 2.0 ] }', '{"type":"channel","ref":"123x1x0","anything":[1e400, "\\/"]}'];
  expect(formatLabels(parseLabels(`${lines.join('\n')}\n`))).toBe(`${lines.join('\n')}\n`);
  const [record] = parseLabels(lines[0] as string) as [LabelRecord];
  expect(record.label).toBe('café');
  expect(withLabel(record, { label: 'new' }).line).toBe('{ "type":"tx" ,"ref":"' + txid + '", "label":"new", "fmv":{"USD":1.50e3},"heights":[ 1, 2.0 ] }');
});

test('freezing and tagging change their own fields and no other', () => {
  const [record] = parseLabels(`{"type":"output","ref":"${txid}:0","label":"a, \\"b\\" }","spendable":true,"x":{"spendable":7}}`) as [LabelRecord];
  const frozen = withLabel(record, { frozen: true });
  expect(frozen.line).toBe(`{"type":"output","ref":"${txid}:0","label":"a, \\"b\\" }","spendable":false,"x":{"spendable":7}}`);
  expect(parseLabels(frozen.line)[0]?.frozen).toBe(true);
  const tagged = withLabel(newLabel('output', `${txid}:0`, ''), { tags: ['a'], frozen: true });
  expect(tagged.line).toBe(`{"type":"output","ref":"${txid}:0","label":"", "spendable": false, "strongroom_tags": ["a"]}`);
  expect(parseLabels(tagged.line)[0]).toMatchObject({ frozen: true, tags: ['a'] });
});

test('a later line takes the place of an earlier one of the same thing and account', () => {
  const line = (label: string, origin?: string): string => JSON.stringify({ type: 'tx', ref: txid, label, ...(origin === undefined ? {} : { origin }) });
  expect(parseLabels([line('old'), line('other', 'pkh([00000000])'), line('new')].join('\n')).map(({ label }) => label)).toEqual(['new', 'other']);
});

describe('every faulty line is named in one error', () => {
  test('together, by line', () => {
    expect(faultsOf(`{"type":"tx","ref":"${txid}"}\nhello\n\n{"type":"tx","ref":"12"}\n`)).toBe('2:json 4:ref');
  });
  test.each([
    ['[]', 'json'], ['null', 'json'], ['{"type":"tx"', 'json'], ['{"ref":"x"}', 'type'], [`{"type":"a b","ref":"x"}`, 'type'], ['{"type":"tx"}', 'ref'], ['{"type":"new","ref":""}', 'ref'],
    [`{"type":"output","ref":"${txid}"}`, 'ref'], [`{"type":"output","ref":"${txid}:01"}`, 'ref'], [`{"type":"addr","ref":"bc1 q"}`, 'ref'], [`{"type":"tx","ref":"${txid}","label":5}`, 'label'],
    [`{"type":"tx","ref":"${txid}","label":"${'x'.repeat(4_097)}"}`, 'label'], [`{"type":"tx","ref":"${txid}","origin":[]}`, 'origin'], [`{"type":"output","ref":"${txid}:0","spendable":"false"}`, 'spendable'],
    [`{"type":"output","ref":"${txid}:0","strongroom_tags":["a b"]}`, 'tags'], [`{"type":"output","ref":"${txid}:0","strongroom_tags":"a"}`, 'tags'],
    [`{"type":"tx","ref":"${txid}","label":"a","label":"b"}`, 'field-twice'], [`{"type":"tx","ref":"${txid}","x":"${'y'.repeat(17_000)}"}`, 'too-long'],
  ])('%.60s: %s', (line, fault) => {
    expect(faultsOf(line)).toBe(`1:${fault}`);
  });
  test('a file of more lines than anybody has is refused before it is read', () => {
    expect(faultsOf('\n'.repeat(500_001))).toBe('500001:too-many');
  });
  test('a private key among the labels stops the import', () => {
    const xprv = 'xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi';
    for (const line of [{ type: 'xpub', ref: xprv }, { type: 'tx', ref: txid, label: xprv }]) expect(() => parseLabels(JSON.stringify(line))).toThrow(expect.objectContaining({ code: 'wallet.private-key' }));
  });
});

test('a tag is one word of letters and digits', () => {
  expect(['customers-2026', 'Müller', 'a.b_c', '1'].every(isTag)).toBe(true);
  expect(['', '-a', 'a b', 'a,b', 'x'.repeat(41), 'a\u202eb'].some(isTag)).toBe(false);
  expect(() => requireTag('a b')).toThrow(expect.objectContaining({ code: 'coins.tag-malformed' }));
});

test('a label is shown without what would make it look like something else', () => {
  expect(shownLabel('pay\u202e 1\u0000')).toBe('pay 1');
});

test('property: any JSON object keeps every byte but the value that was changed', () => {
  const object = fc.dictionary(fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'), fc.jsonValue(), { maxKeys: 6 });
  fc.assert(fc.property(object, fc.constantFrom(0, 2), fc.string(), (value, indent, label) => {
    const text = JSON.stringify(value, null, indent).replaceAll('\n', ' ');
    expect(membersOf(text).map(({ name, valueStart, valueEnd }) => [name, JSON.parse(text.slice(valueStart, valueEnd))])).toEqual(Object.keys(value).map((name) => [name, JSON.parse(JSON.stringify(value[name]))]));
    expect(withMembers(text, {})).toBe(text);
    const changed = JSON.parse(withMembers(text, { label })) as Record<string, unknown>;
    expect(changed).toEqual({ ...(JSON.parse(text) as object), label });
    const [first] = Object.keys(value);
    if (first !== undefined) expect(JSON.parse(withMembers(text, { [first]: 'x' }))).toEqual({ ...(JSON.parse(text) as object), [first]: 'x' });
  }));
});
