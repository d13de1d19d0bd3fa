import { companionContract } from '../../src/host/companion-contract.ts';
import { startEdition } from '../shell/start-edition.ts';
import { createCompanionEdition } from './handlers.ts';

startEdition({ edition: 'companion', title: 'Strongroom Companion', folder: __dirname, contract: companionContract, createService: createCompanionEdition });
