import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pages } from '../../../scripts/lib/docs-pages.mjs';

test.each(Object.entries(pages))('docs/%s says what the code says (npm run docs writes it)', (name, content) => {
  expect(readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8')).toBe(content);
});

test('the pages are not empty shells', () => {
  expect(pages['errors.md']).toContain('`psbt.malformed`');
  expect(pages['findings.md']).toContain('`change.fraud`');
  expect(pages['commands.md']).toContain('--passphrase-file FILE');
});
