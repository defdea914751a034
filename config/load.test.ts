import { fileURLToPath } from 'node:url';
import { changed, configOf, GOOD } from '../tests/given/config.ts';
import type { Hotline, SeatPlace } from '../telephony/hotline.ts';
import type { Peer, Trunk } from '../telephony/trunk.ts';
import { loadConfig, practiceNumbers, type Config } from './load.ts';

const shipped = fileURLToPath(new URL('liandong.yaml', import.meta.url));

describe('the configuration', () => {
  test('what it yields are the nouns of telephony', () => {
    const config: Config = loadConfig(shipped);
    config.hotlines satisfies readonly Omit<Hotline, 'waitSteps'>[];
    config.trunks satisfies readonly Trunk[];
    config.peers satisfies readonly Peer[];
    config.seats satisfies readonly SeatPlace[];
  });

  test('the shipped file serves 12345 and 110 and reaches the other lines in practice', () => {
    const config = loadConfig(shipped);
    expect(config.hotlines.map(({ id }) => id)).toEqual(['12345', '110']);
    expect(config.peers.map(({ id }) => id)).toEqual([
      '119',
      '120',
      '122',
      'water',
      'power',
      'gas',
      'heat',
      '0512-12345',
    ]);
    expect(config.seats.map(({ id, line }) => `${id} ${line}`)).toEqual([
      '8001 browser',
      '8002 browser',
      '8101 phone',
      '9001 browser',
      '9002 browser',
      '9101 phone',
      'su01 browser',
      'su02 browser',
      '9900 browser',
    ]);
    expect(practiceNumbers(config, config.peers)).toEqual([
      '119',
      '120',
      '122',
      '96889',
      '95598',
      '96777',
      '96069',
      '051212345',
    ]);
    expect(practiceNumbers(config, config.sites)).toEqual(['057112345', '02512300']);
    const routes = new Map(config.peers.map((peer) => [peer.id, peer.routes[0]?.trunk]));
    const emergency = config.trunks.filter((trunk) => trunk.emergency).map(({ name }) => name);
    expect(emergency).toContain(routes.get('119'));
    expect(emergency).not.toContain(routes.get('water'));
  });

  test('what is left out has sensible values', () => {
    const config = configOf(GOOD);
    expect(config.hotlines[1]).toEqual({
      id: '110',
      name: { zh: '报警', en: 'Police' },
      numbers: ['110'],
      emergency: false,
      welcome: null,
      recorded: true,
      recordingAnnounced: null,
      offerSeconds: 15,
      wrapUpSeconds: 20,
      transferSeconds: 60,
      needs: [],
      relax: [],
      strategy: 'longest-idle',
      survival: null,
      survivalSeconds: 60,
      targetSeconds: 15,
      keepTurnSeconds: 300,
      sameSeatSeconds: 600,
      seatBackSeconds: 3,
      leaveAfterSeconds: null,
      satisfactionSeconds: null,
      callBackTrunk: null,
      longestWaitSeconds: null,
      longestQueue: null,
      steps: [],
    });
    expect(config.trunks[1]).toEqual({
      name: 'police',
      address: { host: 'sbc.police.example', port: 5060 },
      sources: ['10.0.1.0/24'],
      trusted: false,
      emergency: false,
      carriesForeignNumbers: false,
      ownNumber: '12345',
      passedOnBy: 'diversion',
      drill: false,
      recordingAnnounced: null,
      qualifySeconds: 10,
    });
    expect(config.peers[0]?.ringSeconds).toBe(25);
    expect(config.sip).toEqual({ host: '127.0.0.1' });
    expect(config.practice).toEqual({ citizenPage: false, peers: false });
    expect(config.seats.map(({ line, password }) => [line, password])).toEqual([
      ['browser', 'abcd'],
      ['phone', 'from-outside'],
    ]);
  });

  test('skills have levels, and needs relax', () => {
    const text = changed(
      'needs: [english]',
      'needs: [{ english: 3 }]\n    relax: [{ afterSeconds: 30, skill: english, level: 2 }]',
    )
      .replace('skills: [english]', 'skills: [law, { english: 2, tax: 1 }]')
      .replace('numbers: ["110"]', 'numbers: ["110"]\n    targetSeconds: 10');
    const config = configOf(text);
    expect(config.hotlines[0]?.needs).toEqual([{ skill: 'english', level: 3 }]);
    expect(config.hotlines[0]?.relax).toEqual([{ afterSeconds: 30, skill: 'english', level: 2 }]);
    expect(config.hotlines[1]?.targetSeconds).toBe(10);
    expect(config.seats[0]?.skills).toEqual([
      { skill: 'law', level: 1 },
      { skill: 'english', level: 2 },
      { skill: 'tax', level: 1 },
    ]);
  });
});
