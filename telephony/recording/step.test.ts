import fc from 'fast-check';
import { Refusal } from '../../kernel/errors.ts';
import { calls, withManager } from '../../tests/given/calls.ts';
import type { Call } from '../call.ts';
import { gapsOf, reaches, type Stretch } from './gaps.ts';
import {
  isPaused,
  isWell,
  recorderName,
  recorderOf,
  runningPart,
  type Recording,
  type RecorderOrder,
  type TrackName,
} from './recording.ts';
import {
  beginning,
  isOver,
  onRecordingFact,
  pauses,
  resumes,
  wakeAt,
  type RecordingFact,
  type RecordingStep,
} from './step.ts';

const rules = { stereo: true, pauseMs: 60_000 };
/** When the calls of `calls` were first talked with. */
const T = 200_000;

const begun = (call: Call = calls.talking('a'), mono = false): RecordingStep =>
  beginning(call, mono ? { ...rules, stereo: false } : rules, T) as RecordingStep;

const orders = ({ orders: all }: RecordingStep) =>
  all.map(({ do: what, track, n }) => `${what} ${track} ${n}`);

function told(step: RecordingStep, now: number, ...facts: RecordingFact[]): RecordingStep {
  const given: RecorderOrder[] = [];
  let { recording } = step;
  for (const fact of facts) {
    const next = onRecordingFact(recording, fact, now);
    recording = next.recording;
    given.push(...next.orders);
  }
  return { recording, orders: given };
}

const began = (track: TrackName, n = 1): RecordingFact => ({ type: 'began', track, n });
const over = (track: TrackName, n = 1): RecordingFact => ({ type: 'ended', track, n });
const now = (call: Call | null): RecordingFact => ({ type: 'call', call });
const time: RecordingFact = { type: 'time' };

const running = () => told(begun(), T + 20, began('citizen'), began('others'));
const granted = (step: RecordingStep | Refusal): RecordingStep => {
  if (step instanceof Refusal) throw step;
  return step;
};

describe('when', () => {
  test('it begins with the first talk, a recorder for each side; or one for both', () => {
    expect(orders(begun())).toEqual(['begin citizen 1', 'begin others 1']);
    expect(orders(begun(calls.talking('a'), true))).toEqual(['begin both 1']);
    const waits: Call = { ...calls.waiting(), firstTalkAt: null };
    expect(beginning(waits, rules, T)).toBeNull();
    expect(beginning(calls.talking('a 119', 'gone'), rules, T)).toBeNull();
    expect(beginning(calls.ended(), rules, T)).toBeNull();
  });

  test('it goes on across transfers, three-ways, hold and a wait, until she leaves', () => {
    const all = [
      calls.transferring('one-key', 'a', '119'),
      calls.talking('a 119'),
      calls.talking('119'),
      calls.talking('a', 'held'),
      calls.consulting('119'),
      calls.waiting('returned'),
    ];
    const step = told(running(), T + 5_000, ...all.map(now));
    expect(orders(step)).toEqual([]);
    expect(step.recording.to).toBeNull();
    const left = told(step, T + 9_000, now(calls.talking('a 119', 'gone')));
    expect(orders(left)).toEqual(['end citizen 1', 'end others 1']);
    expect(left.recording.to).toBe(T + 9_000);
    expect(isOver(left.recording)).toBe(false);
    expect(isOver(told(left, T + 9_010, over('citizen'), over('others')).recording)).toBe(true);
  });

  test('a call that nobody knows any more is over', () => {
    expect(told(running(), T + 1, now(null)).recording.to).toBe(T + 1);
  });
});

describe('shares', () => {
  const sharesOf = (...all: Call[]) => {
    let step = begun(all[0]);
    all.slice(1).forEach((call, i) => {
      step = told(step, T + (i + 1) * 1000, now(call));
    });
    return step.recording.shares.map(
      ({ role, who, from, to }) =>
        `${role}${who && ` ${who}`} ${from - T}-${to === null ? '' : to - T}`,
    );
  };

  test('who was in with her, from when to when', () => {
    expect(
      sharesOf(
        calls.talking('a'),
        calls.transferring('one-key', 'a', '119'),
        calls.talking('a 119'),
        calls.talking('119'),
        calls.ended(),
      ),
    ).toEqual(['caller 0-4000', 'seat a 0-3000', 'peer 119 2000-4000']);
  });

  test('not who has her on hold, consults privately or only listens; a manager who has barged in', () => {
    expect(
      sharesOf(
        calls.talking('a'),
        calls.talking('a', 'held'),
        calls.talking('a'),
        calls.consulting('119'),
        withManager(calls.talking('a'), 'listen'),
        withManager(calls.talking('a'), 'barge'),
      ),
    ).toEqual([
      'caller 0-',
      'seat a 0-1000',
      'seat a 2000-3000',
      'seat a 4000-',
      'supervisor m 5000-',
    ]);
  });
});

describe('a pause', () => {
  const talk = calls.talking('a');
  const paused = () => granted(pauses(running().recording, 'a', talk, rules, T + 10_000));

  test('ends the recorders; going on begins new ones', () => {
    expect(orders(paused())).toEqual(['end citizen 1', 'end others 1']);
    const quiet = told(paused(), T + 10_020, over('citizen'), over('others'));
    expect(orders(quiet)).toEqual([]);
    expect(isPaused(quiet.recording)).toBe(true);
    expect(isWell(quiet.recording)).toBe(true);
    const on = granted(resumes(quiet.recording, 'a', talk, T + 20_000));
    expect(orders(on)).toEqual(['begin citizen 2', 'begin others 2']);
    expect(on.recording.pauses).toMatchObject([{ from: T + 10_000, to: T + 20_000, by: 'a' }]);
  });

  test('ends by itself when its time is over', () => {
    const quiet = told(paused(), T + 10_020, over('citizen'), over('others'));
    expect(wakeAt(quiet.recording)).toBe(T + 70_000);
    expect(orders(told(quiet, T + 69_999, time))).toEqual([]);
    const on = told(quiet, T + 70_500, time);
    expect(orders(on)).toEqual(['begin citizen 2', 'begin others 2']);
    expect(on.recording.pauses[0]?.to).toBe(T + 70_000);
  });

  test('ends when he who asked for it leaves, and with the call', () => {
    const left = told(paused(), T + 12_000, now(calls.talking('119')));
    expect(left.recording.pauses[0]?.to).toBe(T + 12_000);
    const gone = told(paused(), T + 13_000, now(calls.ended()));
    expect(gone.recording.pauses[0]?.to).toBe(T + 13_000);
  });

  test('goes on before the recorders have ended: new ones begin when they have', () => {
    const on = granted(resumes(paused().recording, 'a', talk, T + 10_001));
    expect(orders(on)).toEqual([]);
    expect(orders(told(on, T + 10_030, over('citizen')))).toEqual(['begin citizen 2']);
    // Whose end is never heard counts as ended.
    expect(orders(told(on, T + 15_000, time))).toEqual([
      'end citizen 1',
      'begin citizen 2',
      'end others 1',
      'begin others 2',
    ]);
  });

  test('is refused with a code: not in the talk, twice, not paused, over', () => {
    const { recording } = running();
    const code = (step: RecordingStep | Refusal) => (step as Refusal).code;
    expect(code(pauses(recording, 'z', talk, rules, T))).toBe('not-in-talk');
    expect(code(pauses(paused().recording, 'a', talk, rules, T))).toBe('recording-paused');
    expect(code(resumes(recording, 'a', talk, T))).toBe('recording-not-paused');
    const ended = told(running(), T + 1, now(calls.ended())).recording;
    expect(code(pauses(ended, 'a', talk, rules, T))).toBe('not-recorded');
  });
});

describe('a recorder that fails', () => {
  test('is followed by another, later each time; one that ran well is not held against the next', () => {
    let step = told(running(), T + 1_000, over('others'));
    expect(orders(step)).toEqual([]);
    expect(isWell(step.recording)).toBe(false);
    const waits: number[] = [];
    for (let at = T + 1_000, n = 2; n < 9; n += 1) {
      const due = wakeAt(step.recording) ?? 0;
      waits.push(due - at);
      at = due;
      step = told(step, at, time);
      expect(orders(step)).toEqual([`begin others ${n}`]);
      step = told(step, at, began('others', n), over('others', n));
    }
    expect(waits).toEqual([1_000, 2_000, 5_000, 10_000, 30_000, 30_000, 30_000]);
    const due = wakeAt(step.recording) ?? 0;
    step = told(told(step, due, time), due, began('others', 9));
    expect(isWell(step.recording)).toBe(true);
    step = told(step, due + 20_000, over('others', 9));
    expect(wakeAt(step.recording)).toBe(due + 21_000);
  });

  test('of which nothing is heard is ended and counts as failed', () => {
    const silent = told(begun(), T + 5_000, time);
    expect(orders(silent)).toEqual(['end citizen 1', 'end others 1']);
    expect(orders(told(silent, T + 6_000, time))).toEqual(['begin citizen 2', 'begin others 2']);
    // What it says too late changes nothing.
    expect(
      told(silent, T + 6_000, began('citizen', 1)).recording.tracks[0]?.parts[0],
    ).toMatchObject({
      beganAt: null,
      endedAt: T + 5_000,
    });
  });
});

describe('after a look at the switch', () => {
  const name = (track: TrackName, n = 1) => recorderName('c1', track, n);
  const looked = (...names: string[]): RecordingFact => ({
    type: 'looked',
    running: new Map(names.map((one) => [one, T + 5])),
    at: T + 60_000,
  });

  test('who runs goes on, who does not is followed, who should not is ended', () => {
    expect(orders(told(running(), T + 60_000, looked(name('citizen'), name('others'))))).toEqual(
      [],
    );
    const one = told(
      running(),
      T + 60_000,
      looked(name('citizen'), name('others', 7), 'c2_both_1'),
    );
    expect(orders(one)).toEqual(['end others 7']);
    expect(orders(told(one, T + 61_000, time))).toEqual(['begin others 2']);
    const gone = told(running(), T + 1, now(null), looked(name('citizen'), name('others')));
    expect(orders(gone).filter((order) => order === 'end citizen 1')).toHaveLength(2);
  });

  test('one whose beginning was not heard began when the switch says; of a newer one it says nothing', () => {
    const both = [name('citizen'), name('others')];
    const { tracks } = told(begun(), T + 100, looked(...both)).recording;
    expect(tracks.map(({ parts }) => parts[0]?.beganAt)).toEqual([T + 5, T + 5]);
    const newer = { ...looked(), at: T - 1 } as RecordingFact;
    expect(told(begun(), T + 100, newer).recording.tracks.every(runningPart)).toBe(true);
  });

  test('names', () => {
    expect(recorderOf('12345-abc_others_12')).toEqual({
      call: '12345-abc',
      track: 'others',
      n: 12,
    });
    for (const other of ['c1.ear.2', 'c1_other_1', '1732.55', 'c1_both_x'])
      expect(recorderOf(other)).toBeUndefined();
  });
});

describe('gaps', () => {
  const stretch = (track: TrackName, from: number, to: number): Stretch => ({
    track,
    from: T + from,
    to: T + to,
  });
  const ended = () => told(running(), T + 60_000, now(calls.ended())).recording;
  const gaps = (recording: Recording, ...kept: Stretch[]) =>
    gapsOf(recording, kept).map(
      ({ track, why, from, to }) => `${track} ${why} ${from - T}-${to - T}`,
    );

  test('what is missing of either side, at the beginning, within, and at the end', () => {
    const whole = [stretch('citizen', 20, 60_010), stretch('others', 20, 60_000)];
    expect(gaps(ended(), ...whole)).toEqual([]);
    expect(
      gaps(
        ended(),
        stretch('citizen', 20, 60_000),
        stretch('others', 5_000, 10_000),
        stretch('others', 12_000, 30_000),
        stretch('others', 31_000, 50_000),
      ),
    ).toEqual([
      'others lost 0-5000',
      'others lost 10000-12000',
      'others lost 30000-31000',
      'others lost 50000-60000',
    ]);
    const never = told(begun(), T + 60_000, now(calls.ended())).recording;
    expect(gaps(never)).toEqual(['citizen late 0-60000', 'others late 0-60000']);
  });

  test('a file that is a little short because the switch was busy reaches its end, and no file goes beyond; one that is cut off does not reach it', () => {
    expect(reaches(T, 3_590_000, T + 3_600_000)).toBe(T + 3_600_000);
    expect(reaches(T, 3_500_000, T + 3_600_000)).toBe(T + 3_500_000);
    expect(reaches(T, 60_000, null)).toBe(T + 60_000);
    expect(reaches(T, 60_100, T + 60_000)).toBe(T + 60_000);
  });

  test('a pause is none', () => {
    const talk = calls.talking('a');
    const { recording } = granted(pauses(running().recording, 'a', talk, rules, T + 10_000));
    const after = told({ recording, orders: [] }, T + 60_000, now(calls.ended())).recording;
    expect(gaps(after, stretch('citizen', 0, 10_000), stretch('others', 0, 10_000))).toEqual([]);
  });
});

/** A switch whose recorders begin, die, answer late and not at all, in any order. */
test('whatever recorders do, in whatever order it is heard: each side has one at most, none is forgotten', () => {
  const talk = calls.talking('a');
  const deed = fc.record({
    what: fc.constantFrom('begins', 'dies', 'is heard', 'time', 'pause', 'resume', 'look', 'wait'),
    which: fc.nat(7),
  });
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 80 }), fc.boolean(), (deeds, mono) => {
      let at = T;
      /** On the switch: asked, then running; and what has happened and was not heard yet. */
      const there = new Map<string, 'asked' | 'runs'>();
      const news: RecordingFact[] = [];
      let recording = begun(talk, mono).recording;
      const takes = (step: RecordingStep) => {
        recording = step.recording;
        for (const { do: what, track, n } of step.orders) {
          const name = recorderName('c1', track, n);
          if (what === 'begin') {
            expect(there.has(name)).toBe(false);
            there.set(name, 'asked');
          } else if (there.delete(name)) news.push({ type: 'ended', track, n });
        }
        for (const track of recording.tracks) {
          const open = track.parts.filter(({ endedAt }) => endedAt === null);
          expect(open.length).toBeLessThanOrEqual(1);
          const ns = track.parts.map(({ n }) => n);
          expect(new Set(ns).size).toBe(ns.length);
        }
      };
      takes(begun(talk, mono));
      const fact = (one: RecordingFact) => takes(onRecordingFact(recording, one, at));
      const one = (which: number) => [...there.keys()][which % Math.max(1, there.size)];
      for (const { what, which } of deeds) {
        at += 100;
        const name = one(which);
        const id = name === undefined ? undefined : recorderOf(name);
        if (what === 'begins' && name && id && there.get(name) === 'asked') {
          there.set(name, 'runs');
          news.push({ type: 'began', track: id.track, n: id.n });
        } else if (what === 'dies' && name && id) {
          there.delete(name);
          // Of some nothing is ever heard.
          if (which % 3 > 0) news.push({ type: 'ended', track: id.track, n: id.n });
        } else if (what === 'is heard') {
          const [heard] = news.splice(which % Math.max(1, news.length), 1);
          if (heard) fact(heard);
        } else if (what === 'time') fact({ type: 'time' });
        else if (what === 'wait') {
          at += which * 2_000;
          fact({ type: 'time' });
        } else if (what === 'look') {
          const running = [...there].filter(([, how]) => how === 'runs');
          fact({ type: 'looked', running: new Map(running.map(([it]) => [it, at])), at: at + 1 });
        } else if (what === 'pause' || what === 'resume') {
          const step =
            what === 'pause'
              ? pauses(recording, 'a', talk, rules, at)
              : resumes(recording, 'a', talk, at);
          if (!(step instanceof Refusal)) takes(step);
        }
      }
      // All quiet down: with time and a look it runs again in every track, or is paused.
      const calm = () => {
        for (let i = 0; i < 15; i += 1) {
          for (const heard of news.splice(0)) fact(heard);
          for (const [name, how] of there) {
            const id = recorderOf(name);
            if (how === 'runs' || !id) continue;
            there.set(name, 'runs');
            fact({ type: 'began', track: id.track, n: id.n });
          }
          const running = new Map([...there.keys()].map((it) => [it, at]));
          fact({ type: 'looked', running, at: at + 1 });
          const wake = wakeAt(recording);
          if (wake !== null && !isPaused(recording)) at = Math.max(at + 1, wake);
          else at += 1;
          fact({ type: 'time' });
        }
      };
      calm();
      expect(isWell(recording)).toBe(true);
      const runs = recording.tracks.flatMap((track) => {
        const part = runningPart(track);
        return part ? [recorderName('c1', track.name, part.n)] : [];
      });
      expect([...there.keys()].sort()).toEqual(isPaused(recording) ? [] : runs.sort());
      if (!isPaused(recording)) expect(runs).toHaveLength(mono ? 1 : 2);
      fact({ type: 'call', call: null });
      calm();
      expect(isOver(recording)).toBe(true);
      expect([...there.keys()]).toEqual([]);
      expect(wakeAt(recording)).toBeNull();
      // It went through JSON unchanged.
      expect(JSON.parse(JSON.stringify(recording))).toEqual(recording);
    }),
    { numRuns: 100 },
  );
});
