import { parseHex } from '../../domain/bytes.ts';
import { networkNames } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { scriptOfAddress } from '../address.ts';
import { descriptorChecksum } from '../descriptor.ts';
import { rejectPrivateKeyText } from '../key-record.ts';
import { readKeyExpression, type KeyExpression } from './key-expression.ts';
import { ExpressionReader, unsupportedDescriptor } from './reader.ts';

/** A script of a descriptor. @see BIP381 to BIP387 */
export type ScriptExpression =
  | { readonly kind: 'pk' | 'pkh' | 'wpkh' | 'combo' | 'rawtr'; readonly key: KeyExpression }
  | { readonly kind: 'sh' | 'wsh'; readonly script: ScriptExpression }
  | MultiExpression
  | { readonly kind: 'tr'; readonly key: KeyExpression; readonly tree: TapTree | null }
  | { readonly kind: 'raw' | 'addr'; readonly scriptPubKey: Uint8Array };
export interface MultiExpression {
  readonly kind: 'multi' | 'multi_a';
  readonly sorted: boolean;
  readonly required: number;
  readonly keys: readonly KeyExpression[];
}
/** A leaf, or two branches. @see BIP386, "Tree Expressions" */
export type TapTree = ScriptExpression | { readonly kind: 'branch'; readonly left: TapTree; readonly right: TapTree };

export interface Descriptor {
  readonly script: ScriptExpression;
  /** How many descriptors it stands for (BIP389); 1 without a multipath. */
  readonly alternatives: number;
}

export interface DescriptorOptions {
  /** Whether `/**` stands for `/<0;1>/*` (BIP388, BIP129). */
  readonly shorthand?: boolean;
}

type Context = 'top' | 'sh' | 'wsh' | 'tr';

/** Longer than 999 keys of a taproot leaf take. */
const MAX_DESCRIPTOR_CHARACTERS = 262_144;
/** @see BIP341: the depth of a tree is at most 128. */
const MAX_TREE_DEPTH = 128;
/** @see BIP383: at most 20 keys, 3 of them outside of any script hash; in P2SH as many as 520 bytes hold. */
const MAX_KEYS = 20;
const MAX_BARE_KEYS = 3;
const MAX_REDEEM_SCRIPT_BYTES = 520;
/** Bitcoin Core, MAX_PUBKEYS_PER_MULTI_A. */
const MAX_LEAF_KEYS = 999;

/** Where each function may stand. */
const places: Readonly<Record<string, readonly Context[]>> = {
  pk: ['top', 'sh', 'wsh', 'tr'], pkh: ['top', 'sh', 'wsh', 'tr'], wpkh: ['top', 'sh'], combo: ['top'], sh: ['top'], wsh: ['top', 'sh'],
  multi: ['top', 'sh', 'wsh'], sortedmulti: ['top', 'sh', 'wsh'], multi_a: ['tr'], sortedmulti_a: ['tr'], tr: ['top'], rawtr: ['top'], raw: ['top'], addr: ['top'],
};
/** Fragments of miniscript and wrappers before them (`sln:older(…)`). @see BIP379 */
const MINISCRIPT = /^(?:[asctdvjnlu]+:.*|older|after|sha256|hash256|ripemd160|hash160|andor|and_[vbn]|or_[bcdi]|thresh|pk_[kh]|just_[01])$/;

/**
 * A descriptor by the grammar, whatever its kind; a checksum that it has must be right.
 * @throws StrongroomError `wallet.malformed` with the position; `wallet.checksum`; `wallet.private-key`; `key.record-malformed`;
 * `wallet.descriptor-unsupported` for miniscript and musig, which are known and not read
 * @see BIP380 to BIP387, BIP389
 */
export function parseScriptDescriptor(text: string, options: DescriptorOptions = {}): Descriptor {
  const trimmed = text.trim();
  if (trimmed.length > MAX_DESCRIPTOR_CHARACTERS) throw new StrongroomError('wallet.malformed', 'The descriptor is longer than any.', { characters: trimmed.length }, 'Export the descriptor again.');
  rejectPrivateKeyText(trimmed);
  const [body, ...checksums] = trimmed.split('#') as [string, ...string[]];
  if (checksums.length > 1 || (checksums[0] ?? descriptorChecksum(body)) !== descriptorChecksum(body)) {
    throw new StrongroomError('wallet.checksum', 'The descriptor\'s checksum is wrong.', {}, 'Copy the whole descriptor again, with the eight characters after #.');
  }
  return new DescriptorReader(body, options.shorthand ?? false).descriptor();
}

class DescriptorReader {
  private readonly reader: ExpressionReader;
  private readonly shorthand: boolean;
  private alternatives = 1;

  constructor(text: string, shorthand: boolean) {
    this.reader = new ExpressionReader(text);
    this.shorthand = shorthand;
  }

  descriptor(): Descriptor {
    const script = this.script('top');
    if (!this.reader.isAtEnd) throw this.reader.malformed('something follows the descriptor');
    return { script, alternatives: this.alternatives };
  }

  private script(context: Context): ScriptExpression {
    const { reader } = this;
    const start = reader.position;
    const name = reader.run(/[a-z0-9_:]/);
    if (MINISCRIPT.test(name) && context !== 'top') throw unsupportedDescriptor('miniscript');
    const allowed = Object.hasOwn(places, name) ? places[name] : undefined;
    if (allowed === undefined) throw reader.malformed('a script function belongs here', start);
    reader.expect('(');
    if (!allowed.includes(context)) throw reader.malformed(`${name}() cannot stand ${context === 'top' ? 'outside of another script' : `in ${context}()`}`, start);
    const script = this.named(name, context);
    reader.expect(')');
    return script;
  }

  private named(name: string, context: Context): ScriptExpression {
    switch (name) {
      case 'sh':
      case 'wsh':
        return { kind: name, script: this.script(name) };
      case 'multi':
      case 'sortedmulti':
        return this.multi('multi', name !== 'multi', context);
      case 'multi_a':
      case 'sortedmulti_a':
        return this.multi('multi_a', name !== 'multi_a', context);
      case 'tr': {
        const key = this.key('tr');
        return { kind: 'tr', key, tree: this.reader.takes(',') ? this.tree(0) : null };
      }
      case 'raw':
        return { kind: 'raw', scriptPubKey: this.rawScript() };
      case 'addr':
        return { kind: 'addr', scriptPubKey: this.addressScript() };
      default:
        return { kind: name as 'pk', key: this.key(name === 'wpkh' ? 'wsh' : name === 'rawtr' ? 'tr' : context) };
    }
  }

  private multi(kind: MultiExpression['kind'], sorted: boolean, context: Context): ScriptExpression {
    const { reader } = this;
    const start = reader.position;
    const digits = reader.run(/[0-9]/);
    const required = Number(digits);
    if (!/^[1-9][0-9]{0,2}$/.test(digits)) throw reader.malformed('how many keys must sign belongs here, 1 or more', start);
    const keys: KeyExpression[] = [];
    while (reader.takes(',')) keys.push(this.key(context));
    const most = context === 'tr' ? MAX_LEAF_KEYS : context === 'top' ? MAX_BARE_KEYS : MAX_KEYS;
    if (keys.length > most) throw reader.malformed(`more than ${most} keys cannot stand here`, start);
    if (required > keys.length) throw reader.malformed('more keys must sign than there are', start);
    const bytes = keys.reduce((sum, { key }) => sum + 1 + (key instanceof Uint8Array ? key.length : 33), 3);
    if (context === 'sh' && bytes > MAX_REDEEM_SCRIPT_BYTES) throw reader.malformed('the script is longer than the 520 bytes that P2SH allows', start);
    return { kind, sorted, required, keys };
  }

  private tree(depth: number): TapTree {
    if (depth > MAX_TREE_DEPTH) throw this.reader.malformed('a script tree is at most 128 deep');
    if (!this.reader.takes('{')) return this.script('tr');
    const left = this.tree(depth + 1);
    this.reader.expect(',');
    const right = this.tree(depth + 1);
    this.reader.expect('}');
    return { kind: 'branch', left, right };
  }

  private key(context: Context): KeyExpression {
    const start = this.reader.position;
    if (/^[a-z0-9_:]+\(/.test(this.reader.text.slice(start, start + 24)) && !this.reader.sees('musig(')) throw this.reader.malformed('a key belongs here, not a script');
    const key = readKeyExpression(this.reader, { uncompressed: context === 'top' || context === 'sh', xOnly: context === 'tr' }, this.shorthand);
    for (const step of key.steps) {
      if (typeof step === 'number') continue;
      if (this.alternatives !== 1 && this.alternatives !== step.length) throw this.reader.malformed('its multipaths have different numbers of alternatives', start);
      this.alternatives = step.length;
    }
    return key;
  }

  private rawScript(): Uint8Array {
    const start = this.reader.position;
    const hex = this.reader.run(/[0-9a-zA-Z]/);
    if (!/^([0-9a-fA-F]{2})+$/.test(hex)) throw this.reader.malformed('a script in hexadecimal belongs here', start);
    return parseHex(hex);
  }

  private addressScript(): Uint8Array {
    const start = this.reader.position;
    const address = this.reader.run(/[0-9a-zA-Z]/);
    for (const network of networkNames) {
      try {
        return scriptOfAddress(address, network);
      } catch (error) {
        if (!(error instanceof StrongroomError)) throw error;
      }
    }
    throw this.reader.malformed('an address belongs here', start);
  }
}
