import { inRoot } from './paths.mjs';

/**
 * The Companion encrypts with age for passphrases and for age's own keys (X25519). The package brings more curves and a lattice for
 * recipients of other kinds, and with P-256 a signing implementation, which the Companion must not hold: in its bundles a file of ours
 * stands in for them, and what would use them fails. `src/node/companion/node-care-age.ts` lets no such recipient come that far.
 */
export const ageWithoutOtherCurves = {
  name: 'age-without-other-curves',
  setup(context) {
    context.onResolve({ filter: /^@noble\/(post-quantum\/hybrid|curves\/nist)\.js$/ }, ({ importer }) =>
      (/[\\/]age-encryption[\\/]dist[\\/]recipients\.js$/.test(importer) ? { path: inRoot('scripts/lib/absent-curves.mjs') } : undefined));
  },
};
