import type { Request, RequestHandler } from 'express';
import { BlockList, isIP } from 'node:net';
import type { Wired } from '../wire.ts';
import { notFor } from './failures.ts';
import type { Sessions } from './sessions.ts';

/**
 * GET /metrics for Prometheus: unasked from this machine and from configured networks, else for staff who are logged in.
 * What a proxy passes on does not count as from this machine.
 */
export function metricsPage({ metrics, config }: Wired, sessions: Sessions): RequestHandler {
  const networks = new BlockList();
  for (const source of ['127.0.0.0/8', '::1/128', ...config.metrics.sources]) {
    const [ip = '', prefix] = source.split('/');
    const family = isIP(ip) === 6 ? 'ipv6' : 'ipv4';
    networks.addSubnet(ip, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  return async (req, res) => {
    if (!isFrom(networks, req)) {
      const { kind } = await sessions.whoOf(req);
      if (kind !== 'person') throw notFor('staff');
    }
    res.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  };
}

function isFrom(networks: BlockList, req: Request): boolean {
  const address = (req.socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '');
  const passedOn = 'x-forwarded-for' in req.headers || 'forwarded' in req.headers;
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  return !passedOn && isIP(address) !== 0 && networks.check(address, family);
}
