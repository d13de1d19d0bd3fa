import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorsPage, findingsPage } from '../../../scripts/lib/catalog-docs.mjs';
import { errorCatalog } from '../../../src/errors/catalog.ts';
import { findingCatalog } from '../../../src/review/finding.ts';

const page = (name: string): string => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');

test('docs/errors.md lists exactly the error codes of the catalog (npm run docs writes it)', () => {
  expect(page('errors.md')).toBe(errorsPage(errorCatalog));
});

test('docs/findings.md lists exactly the finding codes of the catalog (npm run docs writes it)', () => {
  expect(page('findings.md')).toBe(findingsPage(findingCatalog));
});
