import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

/** What stands behind amounts: the ticker of the coin that a part of the window is about. */
export const UnitContext = createContext<'BTC' | 'LTC' | 'DOGE'>('BTC');
export const useUnit = (): 'BTC' | 'LTC' | 'DOGE' => useContext(UnitContext);
