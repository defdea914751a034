import { AriDown, type AriReply, type AriSession } from './ari/session.ts';
import { qualityOf } from './quality.ts';

const told = (reply: AriReply | Error): AriSession =>
  ({
    request: ({ uri }: { uri: string }) =>
      uri !== 'channels/L/rtp_statistics'
        ? Promise.reject(new Error(`asked for ${uri}`))
        : reply instanceof Error
          ? Promise.reject(reply)
          : Promise.resolve(reply),
  }) as unknown as AriSession;
const of = (body: object) => qualityOf(told({ status: 200, body }), 'L');

test('seconds become milliseconds, losses a share of what was sent; the worse direction counts', async () => {
  const good = { rxcount: 900, txcount: 1000, rxploss: 100, txploss: 20 };
  expect(await of({ ...good, rtt: 0.12, txjitter: 0.004, rxjitter: 0.009 })).toEqual({
    roundTripMs: 120,
    jitterMs: 9,
    loss: 0.1,
  });
  expect((await of({ ...good, rxploss: 0 }))?.loss).toBe(0.02);
});

test('no round trip before the other side has reported', async () => {
  const early = await of({ rxcount: 50, txcount: 50, rtt: 0, txjitter: 0.001 });
  expect(early).toEqual({ roundTripMs: null, jitterMs: 1, loss: 0 });
});

test('nonsense is nothing, and never more than all is lost', async () => {
  const odd = { rxcount: 10, txcount: 10, rtt: 'x', rxploss: -5, txploss: 99, txjitter: null };
  expect(await of(odd)).toEqual({ roundTripMs: null, jitterMs: 0, loss: 1 });
});

test.each<[string, AriReply | Error]>([
  ['a leg that is gone', { status: 404, body: { message: 'Channel not found' } }],
  ['no sound yet', { status: 200, body: { rxcount: 0, txcount: 0 } }],
  ['no Asterisk', new AriDown('away')],
])('%s: not known', async (_what, reply) => {
  expect(await qualityOf(told(reply), 'L')).toBeNull();
});
