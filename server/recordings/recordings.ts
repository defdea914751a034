import type { Clock } from '../../kernel/clock.ts';
import { Refusal } from '../../kernel/errors.ts';
import type { RedisHash } from '../../routing/redis/hash.ts';
import { Recorders, type RecordersNeeds } from '../../telephony/asterisk/recorders.ts';
import type { Call, SeatId } from '../../telephony/call.ts';
import {
  isWell,
  recorderName,
  recorderOf,
  runningPart,
  type Recording,
  type RecordingRules,
} from '../../telephony/recording/recording.ts';
import {
  beginning,
  isOver,
  notRecorded,
  onRecordingFact,
  pauses,
  resumes,
  wakeAt,
  wouldRefusePause,
  type RecordingFact,
  type RecordingStep,
} from '../../telephony/recording/step.ts';
import { closes } from './closing.ts';
import type { Kept, Shelf } from './shelf.ts';

export interface RecordingsNeeds {
  readonly clock: Clock;
  readonly rules: RecordingRules;
  readonly shelf: Shelf;
  /** Where recordings under way are written down. */
  readonly hash: Pick<RedisHash, 'read' | 'write'>;
  readonly switches: Pick<RecordersNeeds, 'addressOf' | 'open'> & {
    /** Names of all that are there. */
    readonly names: () => readonly string[];
  };
  readonly callOf: (id: string) => Call | undefined;
  /** The recording of this call is another now: what screens show of it is no longer true. */
  readonly onChange: (call: string) => void;
  /** It is closed, and known by its hash. */
  readonly onKept: (kept: Kept) => void;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** How the recording of a call is at this moment. */
export interface RecordingNow {
  /** failing: nothing can be taken now, and is tried again. */
  readonly state: 'on' | 'paused' | 'failing';
  /** Epoch milliseconds. */
  readonly since: number;
  /** When a pause ends by itself. */
  readonly until: number | null;
}

/** What was counted since this controller began. */
export interface RecordingCounts {
  begun: number;
  kept: number;
  /** Recorders that ended without our order, or never began. */
  fallen: number;
  /** Stretches missing in those kept. */
  gaps: number;
}

const CLOSING_AT_ONCE = 2;
const CLOSE_AGAIN_MS = 15_000;
/** What a switch has not given by then is lost. */
const CLOSE_FOR_MS = 24 * 3_600_000;

/**
 * Recordings of all calls under way, beside them: told of a change it notes it and returns at once, and nothing that
 * becomes of a recorder, a disk or a file reaches the call. Rules: telephony/recording/.
 */
export class Recordings {
  readonly counts: RecordingCounts = { begun: 0, kept: 0, fallen: 0, gaps: 0 };
  readonly #needs: RecordingsNeeds;
  readonly #recorders: Recorders;
  readonly #all = new Map<string, Recording>();
  readonly #timers = new Map<string, () => void>();
  readonly #toClose: string[] = [];
  readonly #closing = new Map<string, Promise<void>>();
  /** False: orders are given and nothing is closed yet (who stands by only rehearses). */
  #begun = false;
  #over = false;

  constructor(needs: RecordingsNeeds) {
    this.#needs = needs;
    this.#recorders = new Recorders({
      ...needs.switches,
      clock: needs.clock,
      onBegan: (name) => this.#ofRecorder(name, 'began'),
      onEnded: (name) => this.#ofRecorder(name, 'ended'),
      onLooked: (node, running, at) => this.#looked(node, running, at),
      onTrouble: needs.onTrouble,
    });
  }

  /** As they were written down. */
  async restores(): Promise<void> {
    const { hash, onTrouble } = this.#needs;
    try {
      for (const text of Object.values(await hash.read())) {
        const recording = JSON.parse(text) as Recording;
        this.#all.set(recording.call, recording);
      }
    } catch (error) {
      onTrouble('Recordings under way cannot be read', { error: String(error) });
    }
  }

  /** Calls stand as they are: what was restored goes on, or is over. */
  begins(): void {
    this.#begun = true;
    // Its session is open before the first word is said.
    const nodes = new Set(this.#needs.switches.names());
    for (const recording of [...this.#all.values()]) {
      nodes.add(recording.node);
      const call = this.#needs.callOf(recording.call) ?? null;
      this.#fact(recording.call, { type: 'call', call });
      this.#isOver(recording.call);
    }
    for (const node of nodes) void this.#recorders.look(node);
  }

  /** A call has changed. */
  callChanged(call: Call): void {
    const { rules, clock } = this.#needs;
    if (this.#all.has(call.id)) return this.#fact(call.id, { type: 'call', call });
    const begun = beginning(call, rules, clock.now());
    if (!begun) return;
    this.counts.begun += 1;
    this.#takes(begun);
  }

  /** @throws Refusal not-recorded, not-in-talk, recording-paused */
  pauses(call: Call, by: SeatId): void {
    const { rules, clock } = this.#needs;
    this.#takes(granted(pauses(this.#named(call), by, call, rules, clock.now())));
  }

  /** @throws Refusal not-recorded, not-in-talk, recording-not-paused */
  resumes(call: Call, by: SeatId): void {
    this.#takes(granted(resumes(this.#named(call), by, call, this.#needs.clock.now())));
  }

  wouldRefusePause(call: Call, by: SeatId): Refusal | null {
    return wouldRefusePause(this.#all.get(call.id), by, call);
  }

  /** Of a call under way; null: it is not recorded. */
  of(call: string): RecordingNow | null {
    const recording = this.#all.get(call);
    if (!recording || recording.to !== null) return null;
    const pause = recording.pauses.at(-1);
    if (pause?.to === null) return { state: 'paused', since: pause.from, until: pause.until };
    if (isWell(recording)) return { state: 'on', since: recording.from, until: null };
    const fell = recording.tracks.flatMap(({ parts }) => parts.map(({ endedAt }) => endedAt ?? 0));
    return { state: 'failing', since: Math.max(recording.from, ...fell), until: null };
  }

  /** Calls that are recorded now; those of which nothing can be taken at this moment; those over and not closed yet. */
  get now(): { readonly running: number; readonly failing: number; readonly unclosed: number } {
    const all = [...this.#all.values()];
    const running = all.filter(({ to }) => to === null);
    return {
      running: running.length,
      failing: running.filter((one) => !isWell(one)).length,
      unclosed: all.length - running.length,
    };
  }

  /** Redis may have lost what was written. */
  again(): void {
    for (const recording of this.#all.values()) this.#write(recording);
  }

  /** Recorders go on, and whoever is in control next finds them; what is being closed is closed. */
  async close(): Promise<void> {
    this.#over = true;
    for (const stop of this.#timers.values()) stop();
    this.#timers.clear();
    await Promise.all(this.#closing.values());
    await this.#recorders.close();
  }

  #named(call: Call): Recording {
    const recording = this.#all.get(call.id);
    if (!recording) throw notRecorded();
    return recording;
  }

  #ofRecorder(name: string, type: 'began' | 'ended'): void {
    const id = recorderOf(name);
    if (id) this.#fact(id.call, { type, track: id.track, n: id.n });
  }

  #looked(node: string, running: ReadonlyMap<string, number>, at: number): void {
    for (const recording of [...this.#all.values()]) {
      if (recording.node === node) this.#fact(recording.call, { type: 'looked', running, at });
    }
    for (const name of running.keys()) {
      const id = recorderOf(name);
      if (id && !this.#all.has(id.call)) void this.#recorders.ends(node, name);
    }
  }

  #fact(call: string, fact: RecordingFact): void {
    const recording = this.#all.get(call);
    if (!recording || this.#over) return;
    this.#counts(recording, fact);
    this.#takes(onRecordingFact(recording, fact, this.#needs.clock.now()), recording);
  }

  #counts(recording: Recording, fact: RecordingFact): void {
    if (fact.type !== 'ended') return;
    const track = recording.tracks.find(({ name }) => name === fact.track);
    const running = track && runningPart(track);
    if (running?.n === fact.n && running.endingAt === null && recording.to === null) {
      this.counts.fallen += 1;
      this.#needs.onTrouble('A recorder has ended: the call goes on, the gap is marked', {
        call: recording.call,
        track: fact.track,
      });
    }
  }

  #takes({ recording, orders }: RecordingStep, before?: Recording): void {
    if (recording !== before) {
      this.#all.set(recording.call, recording);
      this.#write(recording);
      this.#needs.onChange(recording.call);
    }
    const { node, leg } = recording;
    for (const { do: what, track, n } of orders) {
      const name = recorderName(recording.call, track, n);
      if (what === 'begin') void this.#recorders.begins(node, name, leg, track);
      else void this.#recorders.ends(node, name);
    }
    this.#wakes(recording);
    this.#isOver(recording.call);
  }

  #write(recording: Recording): void {
    this.#needs.hash.write(recording.call, JSON.stringify(recording));
  }

  #wakes(recording: Recording): void {
    const { call } = recording;
    this.#timers.get(call)?.();
    this.#timers.delete(call);
    const at = wakeAt(recording);
    if (at === null || this.#over) return;
    const { clock } = this.#needs;
    const due = () => this.#fact(call, { type: 'time' });
    this.#timers.set(call, clock.after(Math.max(0, at - clock.now()), due));
  }

  #isOver(call: string): void {
    const recording = this.#all.get(call);
    if (!recording || !this.#begun || !isOver(recording)) return;
    if (this.#closing.has(call) || this.#toClose.includes(call)) return;
    this.#toClose.push(call);
    this.#closesNext();
  }

  #closesNext(): void {
    while (!this.#over && this.#closing.size < CLOSING_AT_ONCE) {
      const call = this.#toClose.shift();
      if (call === undefined) return;
      const closing = this.#closes(call).finally(() => {
        this.#closing.delete(call);
        this.#closesNext();
      });
      this.#closing.set(call, closing);
    }
  }

  async #closes(call: string): Promise<void> {
    const recording = this.#all.get(call);
    if (!recording) return;
    const { clock, shelf, hash, onKept, onTrouble } = this.#needs;
    try {
      const final = clock.now() - (recording.to ?? clock.now()) > CLOSE_FOR_MS;
      const kept = await closes(recording, this.#recorders, shelf, final);
      this.counts.kept += 1;
      this.counts.gaps += kept.gaps.length;
      this.#all.delete(call);
      hash.write(call, null);
      onKept(kept);
    } catch (error) {
      onTrouble('A recording cannot be closed yet', { call, error: String(error) });
      if (this.#over) return;
      this.#timers.set(
        call,
        clock.after(CLOSE_AGAIN_MS, () => this.#isOver(call)),
      );
    }
  }
}

function granted(step: RecordingStep | Refusal): RecordingStep {
  if (step instanceof Refusal) throw step;
  return step;
}
