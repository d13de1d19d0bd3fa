/** What a player needs of the world. */
export interface PlayerWorld<Code> {
  /** Codes from a position on; `null` where they cannot be had, which ends the play. */
  readonly codes: (from: number, count: number) => Promise<readonly Code[] | null>;
  readonly show: (code: Code, position: number) => void;
}

export interface FramePlayer {
  /** Called for every picture of the screen. @param nowMs of a clock that nobody sets */
  readonly tick: (nowMs: number) => void;
  readonly setSpeed: (perSecond: number) => void;
  readonly play: () => void;
  readonly pause: () => void;
  /** One code on or back; pauses. */
  readonly step: (by: 1 | -1) => void;
  /** Shows the first code; what is fetched later for a player that was ended is dropped. */
  readonly begin: () => Promise<void>;
  readonly end: () => void;
}

/** Codes of one request, and how many lie ready at least while it is under way. */
const BATCH = 20;
const READY = 12;

/**
 * Plays an endless sequence of codes at a steady pace. Codes are fetched ahead; where they are late the play waits for them, so that
 * no code is left out, and goes on from there without hurrying after what was missed.
 */
export function framePlayer<Code>({ codes, show }: PlayerWorld<Code>): FramePlayer {
  const ready = new Map<number, Code>();
  let position = -1;
  let isPlaying = false;
  let isFetching = false;
  let isEnded = false;
  let periodMs = 100;
  let dueAtMs = 0;

  async function fetchFrom(from: number): Promise<void> {
    if (isFetching || isEnded) return;
    isFetching = true;
    const fetched = await codes(from, BATCH);
    isFetching = false;
    if (fetched === null || isEnded) {
      isEnded = true;
      return;
    }
    for (const [index, code] of fetched.entries()) ready.set(from + index, code);
    for (const held of ready.keys()) if (held < position - BATCH || held > position + 2 * BATCH) ready.delete(held);
  }

  /** Shows a position if it lies ready; fetches what comes after it. */
  function move(to: number): boolean {
    const code = ready.get(to);
    if (code !== undefined) {
      position = to;
      show(code, to);
    }
    let next = to;
    while (ready.has(next)) next += 1;
    if (next - position < READY) void fetchFrom(next);
    return code !== undefined;
  }

  return {
    async begin() {
      await fetchFrom(0);
      move(0);
    },
    tick(nowMs) {
      if (!isPlaying || isEnded || nowMs < dueAtMs) return;
      // A code that was late is not made up for by a short one: each stands in view for its time.
      dueAtMs = move(position + 1) ? Math.max(dueAtMs + periodMs, nowMs + periodMs / 2) : nowMs;
    },
    setSpeed(perSecond) {
      periodMs = 1000 / perSecond;
    },
    play() {
      isPlaying = true;
    },
    pause() {
      isPlaying = false;
    },
    step(by) {
      isPlaying = false;
      const to = Math.max(0, position + by);
      if (!move(to)) void fetchFrom(to).then(() => { if (!isPlaying) move(to); });
    },
    end() {
      isEnded = true;
    },
  };
}
