import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { systemClock } from '../kernel/clock.ts';
import type { Call } from '../telephony/call.ts';
import { offerOf } from '../telephony/table/step.ts';
import { siteOfSeat } from '../routing/staffing/sites.ts';
import type { Wired } from './wire.ts';

/** Seconds that a call waits for its answer; targets lie between. */
const ANSWER_BUCKETS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600];
/** Seconds of a request to the switch or a write to Redis. */
const REQUEST_BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

type Outcome = 'answered' | 'failed';

/** What is measured, in the form of Prometheus; what can be read when it is asked for is read then. */
export class Metrics {
  readonly registry = new Registry();
  private readonly offers = this.counter('offers_total', 'Offers to seats', ['hotline']);
  private readonly answers = new Histogram({
    name: 'liandong_answer_seconds',
    help: 'From the INVITE to the first operator, of calls that were answered',
    labelNames: ['hotline'],
    buckets: ANSWER_BUCKETS,
    registers: [this.registry],
  });
  private readonly ratings = this.counter(
    'ratings_total',
    'Callers who were asked at the end how they were served, by what they pressed (1 to 5, none)',
    ['hotline', 'score'],
  );
  private readonly refusals = this.counter(
    'refused_calls_total',
    'Calls for numbers that nobody here has',
  );
  private readonly ari = this.timer('ari_request', 'A request to Asterisk until its answer');
  private readonly ariFailures = this.counter(
    'ari_failures_total',
    'Requests to Asterisk without an answer',
  );
  private readonly redis = this.timer('redis_write', 'A step of a call until Redis has it');
  private readonly redisFailures = this.counter(
    'redis_failures_total',
    'Steps that Redis did not take',
  );

  /** Answered or failed, after so many milliseconds. */
  ariRequest(ms: number, outcome: Outcome): void {
    if (outcome === 'answered') this.ari.observe(ms / 1_000);
    else this.ariFailures.inc();
  }

  redisWrite(ms: number, outcome: Outcome): void {
    if (outcome === 'answered') this.redis.observe(ms / 1_000);
    else this.redisFailures.inc();
  }

  /** 好差评. */
  rated(hotline: string, score: number | null): void {
    this.ratings.inc({ hotline, score: String(score ?? 'none') });
  }

  refused(): void {
    this.refusals.inc();
  }

  /** A call has become another. */
  changed(call: Call, before: Call | undefined, now: number): void {
    const offer = offerOf(call);
    const last = before && offerOf(before);
    if (offer && offer.seat !== last?.seat) this.offers.inc({ hotline: call.hotline });
    if (call.rungBy === null && call.firstTalkAt !== null && (before?.firstTalkAt ?? null) === null)
      this.answers.observe({ hotline: call.hotline }, (now - call.since) / 1_000);
  }

  /** From now on what can be seen of the parts is read whenever it is asked for. */
  reads(wired: Wired): void {
    collectDefaultMetrics({ register: this.registry });
    const { calls, dispatcher, rules } = wired;
    this.gauge('calls', 'Calls under way', ['hotline', 'stage'], (gauge) => {
      for (const { call } of calls.all())
        if (call.stage !== 'ended') gauge.inc({ hotline: call.hotline, stage: call.stage });
    });
    this.gauge(
      'waiting',
      'Callers who wait for a seat or are offered to one',
      ['hotline'],
      (gauge) => {
        for (const { queue } of rules.queues)
          gauge.set({ hotline: queue.hotline }, dispatcher.waiting(queue.hotline).waiting);
      },
    );
    this.gauge(
      'longest_wait_seconds',
      'How long the first of them has waited',
      ['hotline'],
      (gauge) => {
        for (const { queue } of rules.queues) {
          const { longestSince } = dispatcher.waiting(queue.hotline);
          const ms = longestSince === null ? 0 : systemClock.now() - longestSince;
          gauge.set({ hotline: queue.hotline }, ms / 1_000);
        }
      },
    );
    this.gauge(
      'in_time_ratio',
      'Share answered within the target, of all who were answered or gave up within the last five to ten minutes',
      ['hotline'],
      (gauge) => {
        for (const { queue } of rules.queues) {
          const spans = dispatcher.load(queue.hotline)?.spans.slice(-2) ?? [];
          const over = spans.reduce(
            (sum, { answered, abandoned }) => sum + answered + abandoned,
            0,
          );
          const inTime = spans.reduce((sum, span) => sum + span.inTime, 0);
          gauge.set({ hotline: queue.hotline }, over === 0 ? 1 : inTime / over);
        }
      },
    );
    this.gauge('seats', 'Seats', ['site', 'state'], (gauge) => {
      const places = new Map(rules.seats.map(({ id, site }) => [id, site]));
      for (const { id, state } of dispatcher.seats()) {
        const site = places.get(id) ?? siteOfSeat(rules, id) ?? '';
        gauge.inc({ site, state });
      }
    });
    this.readsParts(wired);
    this.readsRecordings(wired);
  }

  private readsParts(wired: Wired): void {
    this.gauge('lease', '1 of the role that this controller has', ['role'], (gauge) =>
      gauge.set({ role: wired.parts().role }, 1),
    );
    this.gauge('lease_epoch', 'Number of the lease; 0: it holds none', [], (gauge) =>
      gauge.set(wired.parts().epoch ?? 0),
    );
    this.gauge('nodes', '1 of the state that each Asterisk is in', ['node', 'state'], (gauge) => {
      for (const { id, state } of wired.parts().nodes) gauge.set({ node: id, state }, 1);
    });
    this.gauge('redis_unwritten', 'Calls whose last step Redis does not have', [], (gauge) =>
      gauge.set(wired.parts().unwritten),
    );
    this.gauge('event_loop_delay_seconds', 'The longest of the last second', [], (gauge) =>
      gauge.set(wired.parts().loopDelayMs / 1_000),
    );
    this.gauge('shedding', '1 while callers are kept in the dialplan or sent on', [], (gauge) =>
      gauge.set(wired.parts().shedding ? 1 : 0),
    );
    this.gauge('kept', 'Callers who wait in the dialplan until they are claimed', [], (gauge) =>
      gauge.set(wired.admission().kept),
    );
    const became = this.counter(
      'callers_total',
      'Callers offered by the switch, and what was decided: claimed at last, kept in the dialplan first, sent on to the survival site',
      ['outcome'],
      () => {
        const { offered, claimed, kept, sentOn } = wired.admission().counts;
        became.reset();
        became.inc({ outcome: 'offered' }, offered);
        became.inc({ outcome: 'claimed' }, claimed);
        became.inc({ outcome: 'kept' }, kept);
        became.inc({ outcome: 'overflowed' }, sentOn);
      },
    );
  }

  /** Where calls are recorded. */
  private readsRecordings({ recordings }: Wired): void {
    if (!recordings) return;
    const now = {
      running: 'Calls that are recorded now',
      failing: 'Calls of which nothing can be recorded at this moment',
      unclosed: 'Recordings that are over and not closed yet',
    } as const;
    for (const one of ['running', 'failing', 'unclosed'] as const)
      this.gauge(`recordings_${one}`, now[one], [], (gauge) => gauge.set(recordings.now[one]));
    const counted = {
      begun: 'Calls that began to be recorded',
      kept: 'Recordings closed, with a hash',
      fallen: 'Recorders that ended by themselves or never began',
      gaps: 'Stretches missing in recordings that were closed',
    } as const;
    for (const one of ['begun', 'kept', 'fallen', 'gaps'] as const) {
      const counter = this.counter(`recordings_${one}_total`, counted[one], [], () => {
        counter.reset();
        counter.inc(recordings.counts[one]);
      });
    }
  }

  private counter(
    name: string,
    help: string,
    labelNames: readonly string[] = [],
    collect?: () => void,
  ): Counter {
    return new Counter({
      name: `liandong_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
      ...(collect ? { collect } : {}),
    });
  }

  private timer(name: string, help: string): Histogram {
    return new Histogram({
      name: `liandong_${name}_seconds`,
      help,
      buckets: REQUEST_BUCKETS,
      registers: [this.registry],
    });
  }

  /** Made anew each time it is read. */
  private gauge(
    name: string,
    help: string,
    labelNames: readonly string[],
    read: (gauge: Gauge) => void,
  ): void {
    new Gauge({
      name: `liandong_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
      collect() {
        this.reset();
        read(this);
      },
    });
  }
}
