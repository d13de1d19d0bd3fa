import { chainParameters, networkNames, type NetworkName } from '../../domain/network.ts';

// A command line does one thing and ends, so the coin that it is about is a fact of the whole process: it stands in the wallet files
// that go into a call, or in what comes back. Passing it to every line that shows an amount would be a way to forget it once.
let shown: NetworkName = 'mainnet';

/** What stands behind amounts: `BTC`, `LTC` or `DOGE`. */
export const shownUnit = (): string => chainParameters(shown).unit;

const networkOfText = /"network"\s*:\s*"([a-z0-9-]{1,20})"/;

/** Learns from a call's input or output which network it is about; what says nothing changes nothing. */
export function learnNetwork(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  const members: readonly (readonly [string, unknown])[] = Object.entries(value);
  const said = members.flatMap(([name, member]) => {
    if (name === 'network') return [member];
    const texts = Array.isArray(member) ? member.slice(0, 1) : [member];
    return texts.map((text: unknown) => (typeof text === 'string' ? (networkOfText.exec(text.slice(0, 4_096))?.[1] ?? null) : null));
  });
  const found = networkNames.find((name) => said.includes(name));
  if (found !== undefined) shown = found;
}
