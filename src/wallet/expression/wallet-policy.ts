import { StrongroomError } from '../../errors/strongroom-error.ts';
import { descriptorChecksum } from '../descriptor.ts';

/*
 * Wallet policies: a descriptor with its keys taken out, so that a device can show a template and a list of keys.
 * @see BIP388
 */

export interface WalletPolicyText {
  /** `wsh(sortedmulti(2,@0/**,@1/**))` */
  readonly template: string;
  /** Key expressions of BIP380 without derivation: `[fingerprint/path]xpub`. */
  readonly keys: readonly string[];
}

const MAX_KEYS = 999;
const malformed = (reason: string): StrongroomError =>
  new StrongroomError('wallet.malformed', `The wallet policy is malformed: ${reason}.`, { reason }, 'Export the wallet policy again.');

/** A key of a policy: no private key, no children. */
const KEY = /^(\[[0-9a-fA-F]{8}(\/[0-9]+['h]?)*\])?(?:[xt]pub|[LMt]tub|dgub)[1-9A-HJ-NP-Za-km-z]+$/;

/**
 * The descriptor of a policy, without a checksum.
 * @throws StrongroomError `wallet.duplicate-key`; `wallet.malformed` for what else BIP388 forbids: placeholders out of order or left
 * out, keys that stand in the template itself, one key twice on paths that meet, more than two branches
 */
export function descriptorOfPolicy({ template, keys }: WalletPolicyText): string {
  if (keys.length === 0 || keys.length > MAX_KEYS) throw malformed('it has no keys, or too many');
  keys.forEach((key, index) => {
    if (!KEY.test(key)) throw malformed(`key @${index} is no extended public key with its origin`);
  });
  const seen = new Map<string, number>();
  keys.forEach((key, index) => {
    const bare = key.replace(/^\[[^\]]*\]/, '');
    const other = seen.get(bare);
    if (other !== undefined) throw new StrongroomError('wallet.duplicate-key', `Keys @${other} and @${index} of the wallet policy are the same public key.`, { first: `@${other}`, second: `@${index}` }, 'Ask each cosigner for a key record of their own.');
    seen.set(bare, index);
  });
  requireOrder(template, keys.length);
  requireDisjoint(template);
  if (/[xt](pub|prv)[1-9A-HJ-NP-Za-km-z]{20}|\b0[23][0-9a-fA-F]{64}\b|\[[0-9a-fA-F]{8}/.test(template)) throw malformed('a key stands in the template itself');
  return template.replace(/@([0-9]+)/g, (_, index: string) => keys[Number(index)] as string).replaceAll('/**', '/<0;1>/*');
}

/** Placeholders appear first in the order of their numbers, and none is left out. */
function requireOrder(template: string, count: number): void {
  let next = 0;
  for (const [, digits] of template.matchAll(/@([0-9]*)/g)) {
    if (!/^(0|[1-9][0-9]*)$/.test(digits as string)) throw malformed('a placeholder has no number');
    const index = Number(digits);
    if (index > next) throw malformed('its placeholders are out of order');
    if (index === next) next += 1;
  }
  if (next !== count) throw malformed(`its template names ${next} keys and its list has ${count}`);
}

/** Each placeholder is followed by its two branches, and no branch of a key stands twice. */
function requireDisjoint(template: string): void {
  const used = new Set<string>();
  // A key of musig() has its path behind the bracket.
  const flat = template.replace(/musig\(([^()]*)\)/g, (_, inner: string) => {
    if (!/^@[0-9]+(,@[0-9]+)+$/.test(inner)) throw malformed('keys of musig() have no paths of their own');
    return `@${inner.replace(/@/g, '').replaceAll(',', '+')}`;
  });
  for (const [whole, name, path] of flat.matchAll(/@([0-9+]+)([^,(){}@]*)/g)) {
    const branches = path === '/**' ? ['0', '1'] : (/^\/<([0-9]+);([0-9]+)>\/\*$/.exec(path as string)?.slice(1) ?? []);
    if (branches.length !== 2 || branches[0] === branches[1]) throw malformed(`"${(whole as string).slice(0, 40)}" has not two branches`);
    for (const branch of branches) {
      const key = `${name}/${branch}`;
      if (used.has(key)) throw malformed('a branch of a key stands in it twice');
      used.add(key);
    }
  }
}

/**
 * The policy of a descriptor whose keys each end in two branches.
 * @throws StrongroomError `wallet.malformed` where a key does not, `wallet.checksum`
 */
export function policyOfDescriptor(descriptor: string): WalletPolicyText {
  const [body, checksum] = descriptor.trim().split('#') as [string, string?];
  if (checksum !== undefined && checksum !== descriptorChecksum(body)) throw new StrongroomError('wallet.checksum', 'The descriptor\'s checksum is wrong.', {}, 'Copy the whole descriptor again, with the eight characters after #.');
  const keys: string[] = [];
  const template = body.replace(/(\[[0-9a-fA-F]{8}(?:\/[0-9]+['h]?)*\])?(?:[xt]pub|[LMt]tub|dgub)[1-9A-HJ-NP-Za-km-z]+/g, (key) => {
    const known = keys.indexOf(key);
    return `@${known < 0 ? keys.push(key) - 1 : known}`;
  }).replaceAll('/<0;1>/*', '/**');
  // Whatever could not be taken out or does not come back is found here.
  if (descriptorOfPolicy({ template, keys }) !== body) throw malformed('it has no form as a policy');
  return { template, keys };
}

