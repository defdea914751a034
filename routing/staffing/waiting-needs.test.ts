import { plainQueue, type Queue } from '../queue.ts';
import type { Want } from '../seats.ts';
import { waitingNeeds } from './waiting-needs.ts';

const now = 1_000_000;
const want = (call: string, more: Partial<Want> = {}): Want => ({
  call,
  hotline: '12345',
  needs: [],
  matters: [],
  since: now,
  standing: 'arrival',
  why: 'arrival',
  not: [],
  prefer: null,
  caller: null,
  ...more,
});
const english = (level: number) => [{ skill: 'english', level }];
const plain = plainQueue('12345');
const demanding: Queue = {
  ...plainQueue('110'),
  needs: [{ skill: 'police', level: 2 }],
  relax: [{ afterMs: 10_000, skill: 'police', level: 1 }],
};

test('who needs the same is added up; who needs nothing waits for anybody', () => {
  const wants = [
    want('a', { needs: english(2) }),
    want('b', { needs: english(2) }),
    want('c', { needs: english(1) }),
    want('d'),
    want('e', { hotline: 'nowhere' }),
  ];
  expect(waitingNeeds([plain], wants, now)).toEqual([
    { hotline: '12345', skill: 'english', level: 2, calls: 2 },
    { hotline: '12345', skill: 'english', level: 1, calls: 1 },
    { hotline: '12345', skill: null, level: 0, calls: 1 },
  ]);
});

test('what a queue needs counts, as far as it has not relaxed; of those given back it is asked in full', () => {
  const since = now - 10_000;
  const wants = [
    want('a', { hotline: '110', since }),
    want('b', { hotline: '110', since, why: 'returned' }),
    want('c', { hotline: '110', since: since + 1, needs: english(3) }),
  ];
  expect(waitingNeeds([demanding], wants, now)).toEqual([
    { hotline: '110', skill: 'police', level: 1, calls: 1 },
    { hotline: '110', skill: 'police', level: 2, calls: 2 },
    { hotline: '110', skill: 'english', level: 3, calls: 1 },
  ]);
});
