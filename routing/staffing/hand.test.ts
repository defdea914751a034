import { KEPT_ACTS, seatHand } from './state.ts';
import { move, skill, Town, undo } from './town.ts';
import type { QueueChange } from './happenings.ts';

const set = (hotline: string, change: QueueChange, version = 0, more: object = {}) =>
  ({ type: 'setQueue', hotline, change, version, by: 'li', why: 'rush', ...more }) as const;

describe("a manager's hand", () => {
  test('moves a seat; who, when, why, before and after are kept', () => {
    const town = new Town();
    const { news } = town.at(7).does(move('8001', ['12345', '110']));
    expect(town.groups('8001')).toEqual(['12345', '110']);
    const act = {
      id: 'act-1',
      at: 7000,
      by: 'li',
      why: 'because',
      of: 'seat',
      thing: '8001',
      before: { hotlines: null },
      after: { hotlines: ['12345', '110'] },
      undoes: null,
      undoneBy: null,
    };
    expect(town.state.acts).toMatchObject([act]);
    expect(news).toMatchObject([{ code: 'seat-changed', by: 'li', about: { seat: '8001' }, act }]);
  });

  test('changes skills; level 0 is without', () => {
    const town = new Town();
    town.does(
      skill('8001', [
        { skill: 'english', level: 9 },
        { skill: 'tax', level: 0 },
      ]),
    );
    const seat = town.staffing.seats.find(({ id }) => id === '8001');
    expect(seat?.skills).toEqual([{ skill: 'english', level: 9 }]);
  });

  test('changes a queue: target, head start, strategy, relaxing, steps; null is as configured', () => {
    const town = new Town();
    const relax = [{ afterMs: 5000, skill: 'english', level: 0 }];
    town.does(
      set('12345', {
        targetMs: 20_000,
        headStartMs: 60_000,
        strategy: 'most-skilled',
        relax,
        steps: { '110': { on: false }, 'site:survival': { preference: 2 } },
      }),
    );
    expect(town.queue('12345')).toMatchObject({
      targetMs: 20_000,
      headStartMs: 60_000,
      strategy: 'most-skilled',
      relax,
    });
    expect(town.reach('12345')).toEqual(['12345 1', 'site:survival 2 after 120']);
    town.does(set('12345', { targetMs: null, steps: { '110': { on: true } } }, 1));
    expect(town.queue('12345')).toMatchObject({ targetMs: 15_000, headStartMs: 60_000 });
    expect(town.reach('12345')).toContain('110 4 after 60');
  });

  test('two managers: the second is shown what the first did, and asked', () => {
    const town = new Town();
    town.does(move('8001', ['110'], 0, { why: 'the first' }));
    const late = move('8001', ['12345', '110'], 0, { by: 'wang' });
    const refusal = town.refused(late);
    expect(refusal).toMatchObject({
      code: 'changed-meanwhile',
      field: 'seat',
      detail: { confirmable: true, version: 1, act: { by: 'li', after: { hotlines: ['110'] } } },
    });
    expect(refusal.words.zh).toMatch(/^李敏 .*the first/);
    town.does({ ...late, confirm: true });
    expect(town.groups('8001')).toEqual(['12345', '110']);
    expect(seatHand(town.state, '8001').version).toBe(2);
    expect(town.refused(set('110', { targetMs: 9000 }, 3)).code).toBe('changed-meanwhile');
  });

  test('a skill that a queue needs and nobody else has is taken only on confirmation', () => {
    const town = new Town();
    const waiting = [{ hotline: '110', skill: 'police', level: 2, calls: 4 }];
    const refusal = town.refused(skill('9001', [], 0, { waiting }));
    expect(refusal).toMatchObject({
      code: 'skill-wanted',
      field: 'skills',
      detail: { confirmable: true, waiting: 4 },
    });
    expect(refusal.words.en).toContain('4 calls');
    town.does(skill('9002', [{ skill: 'police', level: 2 }]));
    town.does(skill('9001', []));
    expect(town.refused(skill('9002', [], 1)).code).toBe('skill-wanted');
    town.does(skill('9002', [], 1, { confirm: true }));
  });

  test('for those who wait only seats that are signed in count', () => {
    const town = new Town();
    const waiting = [{ hotline: '12345', skill: 'english', level: 1, calls: 2 }];
    town.does(skill('8001', [{ skill: 'english', level: 2 }]));
    const alone = skill('8002', [], 0, { waiting, signedIn: ['8002', '9001'] });
    expect(town.refused(alone).detail.waiting).toBe(2);
    town.does({ ...alone, signedIn: ['8001', '8002'] });
  });

  test('the last seat of a queue is moved away only on confirmation; both doubts are said at once', () => {
    const town = new Town();
    town.does(move('9002', ['12345']));
    const refusal = town.refused(move('9001', ['12345'], 5));
    expect(refusal.code).toBe('changed-meanwhile');
    expect(refusal.words.en).toMatch(/It has been changed.*Queue 110/);
    expect(town.refused(move('9001', ['12345']))).toMatchObject({ code: 'skill-wanted' });
  });

  test.each([
    [move('nobody', ['110']), 'unknown-seat', 'seat'],
    [move('constructor', ['110']), 'unknown-seat', 'seat'],
    [move('8001', ['119']), 'unknown-hotline', 'hotlines'],
    [move('8001', []), 'out-of-range', 'hotlines'],
    [move('8001', ['110', '110']), 'out-of-range', 'hotlines'],
    [move('w1', ['12345']), 'seat-at-site', 'seat'],
    [move('8001', ['110'], 0, { why: '' }), 'why-missing', 'why'],
    [skill('8001', [{ skill: 'english', level: -1 }]), 'out-of-range', 'skills'],
    [skill('8001', [{ skill: 'english', level: 10 }]), 'out-of-range', 'skills'],
    [skill('8001', [{ skill: 'english', level: 1.5 }]), 'out-of-range', 'skills'],
    [set('119', { targetMs: 1 }), 'unknown-hotline', 'hotline'],
    [set('110', { targetMs: 0 }), 'out-of-range', 'targetMs'],
    [set('110', { headStartMs: -1 }), 'out-of-range', 'headStartMs'],
    [set('110', { strategy: 'any' as 'most-skilled' }), 'out-of-range', 'strategy'],
    [set('110', { relax: [{ afterMs: 5, skill: 'police', level: -1 }] }), 'out-of-range', 'relax'],
    [set('110', { steps: { 'site:moon': { on: false } } }), 'unknown-step', 'steps'],
    [set('110', { steps: { 'link:stand-in': { preference: 0 as 1 } } }), 'out-of-range', 'steps'],
    [set('110', {}), 'nothing-changes', undefined],
    [undo('act-9'), 'unknown-act', 'act'],
  ])('%j is refused: %s', (asked, code, field) => {
    expect(new Town().refused(asked)).toMatchObject({ code, field });
  });
});

test('the newest thousand acts are kept', () => {
  const town = new Town();
  for (let i = 0; i <= KEPT_ACTS; i += 1) {
    town.does(move('8001', i % 2 ? ['12345'] : ['110'], i));
  }
  expect(town.state.acts).toHaveLength(KEPT_ACTS);
  expect(town.state.acts[0]?.id).toBe('act-2');
});

describe('undo', () => {
  test('puts back what was before; undone is undone; the undoing can be undone', () => {
    const town = new Town();
    const before = town.staffing;
    town.does(move('8001', ['110']));
    const after = town.staffing;
    town.does(undo('act-1'));
    expect(town.news).toEqual(['act-undone']);
    expect(town.staffing).toEqual(before);
    expect(town.state.acts).toMatchObject([
      { id: 'act-1', undoneBy: 'act-2' },
      { id: 'act-2', undoes: 'act-1', by: 'wang' },
    ]);
    const twice = town.refused(undo('act-1'));
    expect(twice).toMatchObject({ code: 'already-undone', detail: { act: { id: 'act-2' } } });
    town.does(undo('act-2'));
    expect(town.staffing).toEqual(after);
    expect(town.state.acts.map(({ words }) => words.en)).toEqual([
      'Seat 8001 (座席8001) moved to 110',
      'Undone, what 李敏 did: Seat 8001 (座席8001) moved to 110',
      'Done again, what 李敏 did: Seat 8001 (座席8001) moved to 110',
    ]);
    expect(town.state.acts[0]).toMatchObject({ id: 'act-1', undoneBy: null });
    town.does(undo('act-1'));
    expect(town.staffing).toEqual(before);
  });

  test('of what was changed since asks first', () => {
    const town = new Town();
    town.does(move('8001', ['110']), move('8001', ['12345', '110'], 1, { by: 'zhao' }));
    const refusal = town.refused(undo('act-1'));
    expect(refusal).toMatchObject({ code: 'changed-since', detail: { act: { by: 'zhao' } } });
    town.does(undo('act-1', { confirm: true }));
    expect(town.groups('8001')).toEqual(['12345']);
  });

  test('of a move minds nothing that was done to the skills', () => {
    const town = new Town();
    town.does(move('8001', ['110']), skill('8001', [{ skill: 'police', level: 9 }], 1));
    town.does(undo('act-1'));
    const seat = town.staffing.seats[0];
    expect(seat).toMatchObject({ groups: ['12345'], skills: [{ skill: 'police', level: 9 }] });
  });
});
