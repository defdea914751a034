import type { CallView } from '../../server/http/views.ts';
import type { Peer } from '../../tests/given/party.ts';
import type { BenchDeployment } from './deployment.ts';

/**
 * The other hotline must be hung up on when it is the last one there. If it is not, that is told with what
 * controller and switch know, and the measurement goes on.
 */
export async function isLeft(
  peer: Peer,
  { url, asterisk }: BenchDeployment,
  cookie: string,
): Promise<void> {
  try {
    await peer.isHungUp(2000);
  } catch {
    const calls = (await (
      await fetch(`${url}/api/calls`, { headers: { cookie } })
    ).json()) as CallView[];
    const last = calls.filter(({ number }) => number === '13800138000').at(-1);
    console.error(
      `NOT HUNG UP: ${peer.name} is left alone for two seconds`,
      JSON.stringify({
        stage: last?.stage,
        legs: last?.legs.map(({ id, state }) => `${id} ${state}`),
        history: last?.history.map(({ at, words }) => `${at} ${words.en}`),
      }),
      (await asterisk.cli('core show channels concise'))
        .split('\n')
        .filter((line) => !/PJSIP\/(load|seat-7)/.test(line)),
    );
    await peer.hangsUp();
  }
}
