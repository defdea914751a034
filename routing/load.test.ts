import { Hall, ready, wanted } from './hall.ts';
import { Load, SPAN_MS } from './load.ts';

const zero = {
  arrivals: 0,
  answered: 0,
  inTime: 0,
  abandoned: 0,
  waitedMs: 0,
  handled: 0,
  handlingMs: 0,
};

describe('what went through a queue', () => {
  test('in spans of five minutes, without gaps, an hour of them', () => {
    const load = new Load(SPAN_MS + 7);
    load.came(SPAN_MS + 8);
    load.came(3 * SPAN_MS);
    load.handled(120_000, 3 * SPAN_MS + 1);
    expect(load.read(4 * SPAN_MS - 1).spans).toEqual([
      { ...zero, from: SPAN_MS, arrivals: 1 },
      { ...zero, from: 2 * SPAN_MS },
      { ...zero, from: 3 * SPAN_MS, arrivals: 1, handled: 1, handlingMs: 120_000 },
    ]);
    const later = load.read(14 * SPAN_MS).spans;
    expect(later.map(({ from }) => from / SPAN_MS)).toEqual([
      3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
    ]);
    expect(later[0]?.handlingMs).toBe(120_000);
    const days = load.read(1000 * SPAN_MS).spans;
    expect([days.length, days[0]]).toEqual([12, { ...zero, from: 989 * SPAN_MS }]);
  });

  test('as it happens on the floor', () => {
    const hall = new Hall({ '8001': {} });
    const all = () => {
      const spans = hall.floor.load('12345', hall.now)?.spans ?? [];
      return spans.reduce((sum, span) => {
        const add = (key: keyof typeof zero) => sum[key] + span[key];
        return {
          arrivals: add('arrivals'),
          answered: add('answered'),
          inTime: add('inTime'),
          abandoned: add('abandoned'),
          waitedMs: add('waitedMs'),
          handled: add('handled'),
          handlingMs: add('handlingMs'),
        };
      }, zero);
    };
    hall.at(100_000, wanted('a'));
    hall.at(101_000, wanted('b', { since: 101_000 }));
    hall.at(102_000, wanted('c', { since: 102_000 }));
    hall.at(110_000, { type: 'talking', seat: '8001' });
    hall.at(120_000, { type: 'noLongerWanted', call: 'b' });
    // a has waited 10 s, b 19 s.
    const waits = { answered: 1, inTime: 1, abandoned: 1, waitedMs: 29_000 };
    expect(all()).toEqual({ ...zero, arrivals: 3, ...waits });
    hall.at(170_000, { type: 'free', seat: '8001', after: 'talk', wrapUpMs: 5_000 });
    expect(all().handled).toBe(0);
    hall.at(175_000, { type: 'wrapUpOver', seat: '8001' });
    expect(all()).toMatchObject({ handled: 1, handlingMs: 65_000 });
    // c has waited 78 s and is answered, too late.
    hall.at(180_000, { type: 'talking', seat: '8001' });
    expect(all()).toMatchObject({ arrivals: 3, answered: 2, inTime: 1, abandoned: 1 });
    expect(hall.floor.load('110', hall.now)).toBeUndefined();
  });
});

describe('place and estimate', () => {
  test('who stands before her in her queue, whatever the order of coming; who is offered does not count', () => {
    const hall = new Hall({ '8001': {} });
    hall.then(wanted('offered'));
    hall.then(wanted('late', { since: 100_009 }), wanted('early', { since: 100_002 }));
    hall.then(wanted('danger', { standing: 'danger' }), wanted('police', { hotline: '110' }));
    const ahead = ['offered', 'danger', 'early', 'late', 'police'].map(
      (call) => hall.floor.place(call)?.ahead,
    );
    expect(ahead).toEqual([0, 0, 1, 2, 0]);
    expect(hall.floor.place('offered')?.estimateMs).toBe(0);
    expect(hall.floor.place('late')?.estimateMs).toBe(null);
    expect(hall.floor.place('nobody')).toBeUndefined();
  });

  test('the estimate: so many answers, each after the mean of the last times between answers', () => {
    const hall = new Hall({ '8001': { readyAt: null } });
    for (const call of ['a', 'b', 'c', 'd', 'e']) hall.at(100_000, wanted(call));
    const answer = (at: number) => {
      hall.at(at, ready('8001'));
      hall.at(at, { type: 'talking', seat: '8001' });
      hall.at(at, { type: 'notReady', seat: '8001', reason: 'break' });
      hall.at(at, { type: 'free', seat: '8001', after: 'talk', wrapUpMs: 0 });
    };
    answer(110_000);
    expect(hall.floor.place('e')).toEqual({ ahead: 3, estimateMs: 40_000 });
    answer(140_000);
    // 10 s, and a tenth of what 30 s is more.
    expect(hall.floor.place('e')).toEqual({ ahead: 2, estimateMs: 36_000 });
  });

  test('time in which nobody waited does not count, nor ringing without a wait', () => {
    const hall = new Hall({ '8001': {} });
    hall.at(100_000, wanted('at once'));
    hall.at(105_000, { type: 'talking', seat: '8001' });
    expect(hall.floor.load('12345', hall.now)?.betweenAnswersMs).toBe(null);
    hall.at(200_000, wanted('gives up'));
    hall.at(250_000, { type: 'noLongerWanted', call: 'gives up' });
    hall.at(300_000, wanted('a'));
    hall.at(312_000, { type: 'free', seat: '8001', after: 'talk', wrapUpMs: 0 });
    hall.at(320_000, { type: 'talking', seat: '8001' });
    expect(hall.floor.load('12345', hall.now)?.betweenAnswersMs).toBe(20_000);
  });
});
