import '../styles/main.css';
import type { companionContract } from '../../src/host/companion-contract.ts';
import { startWindow } from '../frame/start.tsx';
import { CompanionApp } from './companion-app.tsx';

void startWindow<typeof companionContract>('companion', (host, info) => <CompanionApp host={host} info={info} />);
