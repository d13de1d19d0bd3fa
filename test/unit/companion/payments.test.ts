import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StrongroomError } from '../../../src/errors/strongroom-error.ts';
import { csvLine, parseCsv } from '../../../src/companion/payments/csv.ts';
import { parsePayments } from '../../../src/companion/payments/payments.ts';
import { formatBtc } from '../../../src/domain/amount.ts';
import { testWallet } from '../support/psbt-builder.ts';

const { deriver } = testWallet(2, 3);
const a = deriver.derive(0, 0).address;
const b = deriver.derive(0, 1).address;

function faultsOf(text: string): unknown {
  try {
    parsePayments(text, 'regtest');
  } catch (error) {
    if (error instanceof StrongroomError && error.code === 'payments.malformed') return error.details['faults'];
    throw error;
  }
  return 'none';
}

test('the header names the unit: the same digits are sats in one file and BTC in another', () => {
  const inSats = parsePayments(`address,amount_sats,reference\n${a},150000,INV-1\n`, 'regtest');
  expect(inSats.payments).toEqual([{ line: 2, address: a, scriptPubKey: deriver.derive(0, 0).scriptPubKey, amountSats: 150_000n, reference: 'INV-1' }]);
  const inBtc = parsePayments(`address,amount_btc,reference\n${a},20999999.9769,INV-1\n`, 'regtest');
  expect(inBtc.payments[0]?.amountSats).toBe(2_099_999_997_690_000n);
});

test('columns may stand in any order, references may be left out, and quotes hold commas, quotes and line breaks', () => {
  expect(parsePayments(`amount_sats,address\r\n1000,${a}\r\n`, 'regtest').payments[0]).toMatchObject({ amountSats: 1000n, reference: '' });
  expect(parsePayments(`\ufeffReference , Amount_Sats,Address\n"Müller, ""A"" & Co",1000,${a}`, 'regtest').payments[0]?.reference).toBe('Müller, "A" & Co');
});

test('every faulty line is named in one error, not only the first', () => {
  const text = `address,amount_sats,reference\nnobody,5,x\n${a},1.5,x\n${a},0,x\n${a}\n${a},10,"a\u0007b"\n${b},7,fine\n${a},-1,"open\n`;
  expect(faultsOf(text)).toBe('2:address 3:amount 4:amount-zero 5:column-count 6:reference 8:open-quote');
});

test('lines are counted in the file as an editor shows it, also after a quoted line break', () => {
  expect(faultsOf(`address,amount_sats,reference\n${a},5,"two\nlines"\nnobody,5,x\n`)).toBe('2:reference 4:address');
});

test.each([
  ['', '1:header'],
  ['address,amount,reference\n', '2:no-payments'],
  ['address,unit\n', '1:header'],
  ['address,amount,amount_sats\n', '1:header'],
  ['address,amount_sats,unit\n', '1:header'],
  ['address,amount_sats,amount_btc\n', '1:header'],
  ['address,amount_sats,reference,reference\n', '1:header'],
  ['address,amount_sats,extra\n', '1:header'],
  ['address,amount_sats,reference\n', '2:no-payments'],
  [`address,amount_sats\n${a},5"\n`, '2:stray-quote'],
  [`address,amount_sats\n${a},"5"x\n`, '2:stray-quote'],
  [`address,amount_sats\n${a},1e3\n`, '2:amount'],
  [`address,amount_sats\nbc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4,5\n`, '2:address'],
])('%j is refused with %s', (text, faults) => {
  expect(faultsOf(text)).toBe(faults);
});

test.each([
  ['address,amount,unit', `${a},0.1,BTC`, 10_000_000n],
  ['address,amount,unit', `${a},0.00000001,btc`, 1n],
  ['address,amount,unit', `${a},1000,sats`, 1000n],
  ['address,amount,unit', `${a},1000 sat,sats`, 1000n],
  ['amount,address', `0.1 BTC,${a}`, 10_000_000n],
  ['amount,address', `1000sats,${a}`, 1000n],
  ['address', `bitcoin:${a}?amount=0.1`, 10_000_000n],
  ['address', `BITCOIN:${a.toUpperCase()}?amount=0.1&label=Alice%20%26%20Bob&lightning=lnbc1`, 10_000_000n],
  ['address,amount_sats', `bitcoin:${a}?amount=0.1,10000000`, 10_000_000n],
  ['address,amount_sats', `bitcoin:${a}?amount=0.1,`, 10_000_000n],
  ['address,amount,unit', `bitcoin:${a}?label=x,2500,sats`, 2500n],
] as const)('%s: %s is %s sats', (header, line, amountSats) => {
  expect(parsePayments(`${header}\n${line}\n`, 'regtest').payments).toMatchObject([{ scriptPubKey: deriver.derive(0, 0).scriptPubKey, amountSats }]);
});

test.each([
  ['address,amount', `${a},1000`, 'unit'],
  ['address,amount', `${a},1 mBTC`, 'unit'],
  ['address,amount', `${a},1 LTC`, 'unit'],
  ['address,amount', `${a},1e3 sats`, 'amount'],
  ['address,amount', `${a},1.5 sats`, 'amount'],
  ['address,amount', `${a},0.123456789 BTC`, 'amount'],
  ['address,amount,unit', `${a},1000 sats,BTC`, 'unit'],
  ['address,amount,unit', `${a},1000,`, 'unit'],
  ['address,amount,unit', `${a},0,BTC`, 'amount-zero'],
  ['address,amount_sats', `${a},`, 'amount'],
  ['address', a, 'amount-missing'],
  ['address', `bitcoin:${a}`, 'amount-missing'],
  ['address', `bitcoin:${a}?amount=0`, 'amount-zero'],
  ['address,amount_sats', `bitcoin:${a}?amount=0.1,10000001`, 'amount-conflict'],
  ['address', `bitcoin:${a}?amount=0.1&req-expires=5`, 'uri-required'],
  ['address', `bitcoin:${a}?amount=0.1&amount=0.1`, 'uri-amount'],
  ['address', `bitcoin:${a}?amount=0.1&AMOUNT=9`, 'uri-amount'],
  ['address', `bitcoin:${a}?amount=1%30`, 'uri-amount'],
  ['address', `bitcoin:${a}?amount=0.1=2`, 'uri-amount'],
  ['address', `bitcoin:${a}?amount`, 'uri-amount'],
  ['address', `litecoin:${a}?amount=0.1`, 'uri'],
  ['address', `bitcoin:?amount=0.1`, 'uri'],
  ['address', `bitcoin:${a}#x?amount=0.1`, 'uri'],
  ['address', `bitcoin:${a}?amount=0.1?amount=0.2`, 'uri'],
  ['address', `bitcoin:nobody?amount=0.1`, 'address'],
] as const)('%s: %s is refused: %s', (header, line, fault) => {
  expect(faultsOf(`${header}\n${line}\n`)).toBe(`2:${fault}`);
});

test('a cost code is kept beside the reference; one that hides something is refused', () => {
  const { payments } = parsePayments(`address,amount,cost_code,reference\n${a},5 sats,4711-B,INV-1\n${b},5 sats,,INV-2\n`, 'regtest');
  expect(payments.map(({ costCode, reference }) => [costCode, reference])).toEqual([['4711-B', 'INV-1'], [undefined, 'INV-2']]);
  expect(faultsOf(`address,amount_sats,cost_code\n${a},5,a\u202eb\n${a},5,${'x'.repeat(61)}\n`)).toBe('2:cost-code 3:cost-code');
});

test('property: an amount is the same in every form in which it can be written', () => {
  fc.assert(fc.property(fc.bigInt({ min: 1n, max: 2_100_000_000_000_000n }), (amount) => {
    const coins = formatBtc(amount);
    const read = [['address,amount_sats', `${a},${amount}`], ['address,amount_btc', `${a},${coins}`], ['address,amount', `${a},${amount} sats`], ['address,amount,unit', `${a},${coins},BTC`], ['address', `bitcoin:${a}?amount=${coins}`]]
      .map(([header, line]) => parsePayments(`${header}\n${line}\n`, 'regtest').payments[0]?.amountSats);
    expect(new Set(read)).toEqual(new Set([amount]));
  }));
});

test('more payments than a transaction can hold are refused before they are read', () => {
  expect(faultsOf(`address,amount_sats\n${`${a},1000\n`.repeat(2_501)}`)).toBe('2502:too-many');
});

test('the same order twice and one address with several orders are noted, and paid', () => {
  const { payments, notes } = parsePayments(`address,amount_sats,reference\n${a},1000,x\n${b},1000,x\n${a},1000,x\n${a},2000,y\n`, 'regtest');
  expect(payments).toHaveLength(4);
  expect(notes).toEqual([{ code: 'payments.duplicate', lines: [2, 4] }, { code: 'payments.same-address', lines: [2, 4, 5] }]);
  expect(parsePayments(`address,amount_sats\n${a},1\n${a},1\n`, 'regtest').notes).toEqual([{ code: 'payments.duplicate', lines: [2, 3] }]);
});

test('property: any fields survive being written as CSV and read again', () => {
  const field = fc.string({ unit: fc.constantFrom('a', 'é', ' ', ',', '"', '\n', '\r\n', '=', '0') });
  fc.assert(fc.property(fc.array(fc.array(field, { minLength: 2, maxLength: 5 }), { maxLength: 6 }), (rows) => {
    const { records, faults } = parseCsv(rows.map(csvLine).join(''));
    expect(faults).toEqual([]);
    expect(records.map((record) => record.fields)).toEqual(rows);
  }));
});
