import { signerContract } from '../../src/host/signer-contract.ts';
import { startEdition } from '../shell/start-edition.ts';
import { createSignerEdition } from './handlers.ts';

// SECURITY: the runtime brings functions that reach a network without any import. Nothing in this edition calls them, and
// nothing that slips in later finds them by their names.
for (const name of ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest']) Reflect.deleteProperty(globalThis, name);

startEdition({ edition: 'signer', title: 'Strongroom Signer', folder: __dirname, contract: signerContract, createService: createSignerEdition });
