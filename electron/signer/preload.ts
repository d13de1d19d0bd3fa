import { signerContract } from '../../src/host/signer-contract.ts';
import { exposeBridge } from '../shell/expose-bridge.ts';

exposeBridge('signer', signerContract);
