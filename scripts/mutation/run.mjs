import { Stryker } from '@stryker-mutator/core';
import { optionsFor } from './options.mjs';

/* One pass of Stryker, in a process of its own: scripts/mutation.mjs starts it with a Node that the sources need. */
const options = optionsFor(JSON.parse(process.argv[2] ?? 'null'));
await new Stryker(/** @type {any} */ (options)).runMutationTest();
