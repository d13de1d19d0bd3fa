import { resolve } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import { optionsFor } from './options.mjs';

/* One pass of Stryker, in a process of its own: scripts/mutation.mjs starts it with a Node that the sources need. */
// The runner works in a copy of the checkout, in processes of its own.
process.env.STRONGROOM_MUTATION_KNOWN = resolve('test-results/mutation/known.json');
const options = optionsFor(JSON.parse(process.argv[2] ?? 'null'));
await new Stryker(/** @type {any} */ (options)).runMutationTest();
