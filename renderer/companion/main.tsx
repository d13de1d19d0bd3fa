import '../styles/main.css';
import type { companionContract } from '../../src/host/companion-contract.ts';
import { startWindow } from '../frame/start.tsx';
import { ClearedWindow } from './cleared-window.tsx';

void startWindow<typeof companionContract>('companion', (host, info) => <ClearedWindow host={host} info={info} />);
