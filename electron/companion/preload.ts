import { companionContract } from '../../src/host/companion-contract.ts';
import { exposeBridge } from '../shell/expose-bridge.ts';

exposeBridge('companion', companionContract);
