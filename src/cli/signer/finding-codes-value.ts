import { findingCatalog, type FindingCode } from '../../review/finding.ts';
import { nearestName } from '../shared/nearest-name.ts';
import { usageError } from '../shared/usage-error.ts';
import type { ValueKind } from '../shared/value-kinds.ts';

const acknowledgeable = (Object.keys(findingCatalog) as FindingCode[]).filter((code) => findingCatalog[code].severity === 'acknowledge');

/** Finding codes parted by commas; only those that a person can acknowledge. */
export const findingCodesValue: ValueKind<readonly FindingCode[]> = {
  placeholder: 'CODE,...',
  choices: acknowledgeable,
  completes: 'choices',
  parse(text, optionName) {
    return text.split(',').map((part) => {
      const typed = part.trim();
      const code = acknowledgeable.find((known) => known === typed);
      if (code === undefined) {
        const nearest = nearestName(typed, acknowledgeable);
        throw usageError(`${optionName} takes codes of findings that a person may acknowledge.`, nearest === null ? `They are: ${acknowledgeable.join(', ')}.` : `Did you mean ${nearest}?`);
      }
      return code;
    });
  },
};
