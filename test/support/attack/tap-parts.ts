/** What attacks on taproot fields share: the parts of an output, and parts that are somebody else's. */
import { concat } from '../../../src/domain/bytes.ts';
import { INPUT } from '../../../src/psbt/codec/field-types.ts';
import type { KeyValue } from '../../../src/psbt/psbt.ts';
import type { DerivedAddress } from '../../../src/wallet/address.ts';
import type { TaprootParts } from '../../../src/wallet/locking-script.ts';
import type { Random } from '../../fuzz/engine/random.ts';
import { field } from './attack.ts';
import { strangePoint } from './honest.ts';

const VERSION = Uint8Array.of(0xc0);

export const partsOf = (derived: DerivedAddress): TaprootParts => derived.taproot as TaprootParts;
export const leafOf = (derived: DerivedAddress): NonNullable<TaprootParts['leaf']> => partsOf(derived).leaf as NonNullable<TaprootParts['leaf']>;
export const leafField = (controlBlock: Uint8Array, script: Uint8Array, version = VERSION): KeyValue => field(INPUT.tapLeafScript, concat(script, version), controlBlock);
export const strangeX = (random: Random): Uint8Array => strangePoint(random).subarray(1);
/** A tapscript that anybody could have written. */
export const strangeLeaf = (random: Random): Uint8Array => concat(Uint8Array.of(0x20), strangeX(random), Uint8Array.of(0xac));
