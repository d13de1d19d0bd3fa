import { useMemo, useState } from 'preact/hooks';
import type { WireError } from '../../src/host/contract.ts';
import type { FrameInfo } from '../frame/window-frame.tsx';
import { clientOver, type CompanionHost } from '../host/client.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { CompanionApp } from './companion-app.tsx';

/**
 * The Companion's window, begun anew when the host says that it was given a private key: every field of every workspace goes with what
 * was typed into it, and a dialog says why. What is stored (wallets, settings, books) stays.
 */
export function ClearedWindow({ host, info }: { readonly host: CompanionHost; readonly info: FrameInfo }) {
  const [{ generation, error }, setState] = useState<{ readonly generation: number; readonly error: WireError | null }>({ generation: 0, error: null });
  const watched = useMemo((): CompanionHost => clientOver(async (name, input, watch) => {
    const reply = await host[name as keyof CompanionHost](input as never, watch);
    if (!reply.ok && reply.error.code === 'wallet.private-key') {
      const { error: refusal } = reply;
      // Chromium keeps what a field last held until the field loses the focus.
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      setState((state) => ({ generation: state.generation + 1, error: refusal }));
    }
    return reply;
  }), [host]);
  const close = (): void => setState((state) => ({ ...state, error: null }));
  return (
    <>
      <CompanionApp key={generation} host={watched} info={info} />
      {error !== null && (
        <Dialog title="A private key was refused" onClose={close} actions={<Button kind="primary" onPress={close}>Go on with empty forms</Button>}>
          <ErrorNotice error={error} />
        </Dialog>
      )}
    </>
  );
}
