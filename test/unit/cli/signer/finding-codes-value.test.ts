import { expect, test } from 'vitest';
import { findingCodesValue } from '../../../../src/cli/signer/finding-codes-value.ts';

test('codes are parted by commas, blanks around them ignored', () => {
  expect(findingCodesValue.parse('fee.high, locktime.future', '--acknowledge')).toEqual(['fee.high', 'locktime.future']);
});

test('a finding that refuses cannot be acknowledged, nor a note or an unknown code', () => {
  for (const text of ['change.fraud', 'rbf.signalled', 'fee.hihg', '']) {
    expect(() => findingCodesValue.parse(text, '--acknowledge')).toThrow(expect.objectContaining({ code: 'usage.malformed' }));
  }
  expect(() => findingCodesValue.parse('fee.hihg', '--acknowledge')).toThrow(expect.objectContaining({ hint: 'Did you mean fee.high?' }));
});
