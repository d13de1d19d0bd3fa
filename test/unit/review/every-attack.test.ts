/** Every attack of the attack suite once, on the first of a few honest PSBTs that it fits: exactly the expected findings, no signature. */
import { beforeAll, expect, test } from 'vitest';
import { Random } from '../../fuzz/engine/random.ts';
import { attacks } from '../../support/attack/attacks.ts';
import type { HonestSpend } from '../../support/attack/honest.ts';
import { expectFound } from '../../support/attack/judge.ts';
import { oneOf, walletSpend } from '../../support/attack/spends.ts';
import { firstTargets } from '../../support/attack/targets.ts';
import { walletScripts } from '../../../src/domain/wallet-script.ts';

let honest: readonly HonestSpend[];

beforeAll(() => {
  const random = new Random(4, 3);
  honest = [
    ...firstTargets(),
    walletSpend(random, { wallets: walletScripts.map(oneOf).reverse(), inputs: 8, payments: 2, change: true, signed: 3 }),
    walletSpend(random, { wallets: [oneOf('p2wsh')], inputs: 40, payments: 1, change: true, signed: 0 }),
  ];
});

test.each(attacks.map((attack, number) => [attack.code, attack.name, attack, number] as const))('%s: %s', (_code, name, attack, number) => {
  for (const spend of honest) {
    const made = attack.apply(spend, new Random(number, 1));
    if (made === null) continue;
    expect(made.codes).toContain(attack.code);
    expectFound(`${name} on ${spend.name}`, made, new Set());
    return;
  }
  expect.fail('no honest PSBT fits');
});
