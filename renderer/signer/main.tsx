import '../styles/main.css';
import type { signerContract } from '../../src/host/signer-contract.ts';
import { startWindow } from '../frame/start.tsx';
import { SignerApp } from './signer-app.tsx';

void startWindow<typeof signerContract>('signer', (host, info) => <SignerApp host={host} info={info} />);
