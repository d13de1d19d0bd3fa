import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** Violations of WCAG 2.2 A and AA that axe finds on the page as it stands, one line each; empty when there are none. */
export async function violationsOfWcag(page: Page): Promise<readonly string[]> {
  // Legacy mode: the modern one opens a second page for its report, which these windows refuse.
  const { violations, passes } = await new AxeBuilder({ page }).setLegacyMode(true).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  // A page on which axe found nothing to look at would pass for a good one.
  if (passes.length < 5) throw new Error('axe saw no page');
  return violations.flatMap((violation) => violation.nodes.map((node) => `${violation.impact ?? ''} ${violation.id}: ${node.target.join(' ')} - ${node.failureSummary?.replaceAll('\n', ' ') ?? ''}`));
}
