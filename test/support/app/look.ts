import type { TestInfo } from '@playwright/test';
import { violationsOfWcag } from './accessibility.ts';
import type { RunningEdition } from './edition.ts';

/** A window that is looked at as a person does: light, dark and small, with a picture of each, and with what is wrong noted. */
export interface WatchedWindow {
  /** Takes the pictures of what is shown now, and notes what is inaccessible or cut off. */
  readonly look: (name: string, options?: { readonly manyRows?: boolean }) => Promise<void>;
  /** Everything that was found, one line each: errors of the page, violations of WCAG, what is cut off or overlaps. */
  readonly faults: readonly string[];
}

export const USUAL_SIZE = { width: 1280, height: 800 };
/** The smallest that a window can be made. */
export const SMALLEST_SIZE = { width: 720, height: 560 };

/** Panes that scroll down and must never scroll sideways. */
const PANES = 'html, .workspace-body, .detail-pane, .list-pane, .sidebar, .action-bar';

export function watch({ page, app }: Pick<RunningEdition, 'page' | 'app'>, info: Pick<TestInfo, 'outputPath'>): WatchedWindow {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => { if (message.type() === 'error') faults.push(message.text()); });
  const resize = (size: { readonly width: number; readonly height: number }): Promise<void> => app.evaluate(({ BrowserWindow }, content) => BrowserWindow.getAllWindows()[0]?.setContentSize(content.width, content.height), size);
  const picture = (name: string): Promise<unknown> => page.screenshot({ path: info.outputPath(`${name}.png`) });
  const scroll = (toEnd: boolean): Promise<void> => page.getByRole('main').locator('.workspace-body').evaluate((body, down) => [body, ...body.querySelectorAll('.detail-pane, .list-pane')].forEach((pane) => pane.scrollTo(0, down ? pane.scrollHeight : 0)), toEnd);
  const look: WatchedWindow['look'] = async (name, { manyRows = false } = {}) => {
    await scroll(false);
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      // Over hundreds of rows axe takes its time: once is enough, the colours are the same.
      if (!manyRows || colorScheme === 'light') faults.push(...(await violationsOfWcag(page)).map((violation) => `${name} (${colorScheme}): ${violation}`));
      await picture(`${name}-${colorScheme}`);
    }
    await scroll(true);
    await picture(`${name}-end`);
    await resize(SMALLEST_SIZE);
    await scroll(false);
    await picture(`${name}-small`);
    faults.push(...(await cutOff(page)).map((what) => `${name} (small): ${what}`));
    await scroll(true);
    await picture(`${name}-small-end`);
    await resize(USUAL_SIZE);
    faults.push(...(await cutOff(page)).map((what) => `${name}: ${what}`));
    await scroll(false);
  };
  return { look, faults };
}

/** Panes that are wider than their place, text that is wider than what holds it, and buttons that cover each other. */
const cutOff = (page: RunningEdition['page']): Promise<readonly string[]> =>
  page.evaluate((panes) => {
    const words = (element: Element): string => (element.textContent ?? '').trim().slice(0, 40);
    const wide = [...document.querySelectorAll(panes)].filter((pane) => pane.scrollWidth > pane.clientWidth).map((pane) => `${pane.className || pane.tagName} is cut off by ${pane.scrollWidth - pane.clientWidth} px`);
    // What is hidden on purpose (for screen readers) is one pixel wide.
    const clipped = [...document.querySelectorAll('main *, nav *')].filter((element) => element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== 'visible' && !element.matches('input, textarea, select')).map((element) => `"${words(element)}" is wider than its place by ${element.scrollWidth - element.clientWidth} px`);
    const controls = [...document.querySelectorAll('main button, main input:not([type="checkbox"], [type="radio"]), main select')].filter((element) => element.getClientRects().length > 0);
    // What of a control is in sight: what scrolled out of its pane covers nothing.
    const seen = (element: Element): { left: number; right: number; top: number; bottom: number } => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const box = { left, right, top, bottom };
      for (let pane = element.parentElement; pane !== null; pane = pane.parentElement) {
        if (getComputedStyle(pane).overflowY === 'visible') continue;
        const edge = pane.getBoundingClientRect();
        box.top = Math.max(box.top, edge.top);
        box.bottom = Math.min(box.bottom, edge.bottom);
      }
      return box;
    };
    const boxes = controls.filter((element) => element.closest('.list-actions') === null).map((element) => ({ element, box: seen(element) })).filter(({ box }) => box.bottom > box.top);
    const covering = boxes.flatMap(({ element, box }, at) => boxes.slice(at + 1).filter(({ element: other, box: next }) => !element.contains(other) && !other.contains(element) && element.closest('.action-bar') === other.closest('.action-bar') && box.left < next.right - 1 && next.left < box.right - 1 && box.top < next.bottom - 1 && next.top < box.bottom - 1).map(({ element: other }) => `"${words(element)}" covers "${words(other)}"`));
    return [...wide, ...clipped, ...covering];
  }, PANES);
