import { anAddress } from './address.ts';
import { trunkTo, type Written } from './deployment.ts';

/** A city's usual configuration: both hotlines in one deployment, a carrier, fire and ambulance by trunk. */
export interface City {
  readonly config: Written;
  /** Where the carrier's and the peers' SIP is. */
  readonly carrier: string;
  readonly fire: string;
  readonly ambulance: string;
}

const words = (zh: string, en: string) => ({ zh, en });

export const hotline = (zh: string, numbers: string[], rules: Written = {}): Written => ({
  name: words(zh, numbers[0] ?? ''),
  numbers,
  offerSeconds: 3,
  wrapUpSeconds: 0,
  // Most stories ring with one number again and again.
  sameSeatSeconds: 0,
  ...rules,
});

export const peer = (
  zh: string,
  routes: { trunk: string; number: string }[],
  rules: Written = {},
): Written => ({
  name: words(zh, zh),
  ringSeconds: 5,
  routes,
  ...rules,
});

/** Seats 80xx work for 12345, 90xx for 110; xx00-49 are phones, xx50-99 browsers. Passwords are the numbers. */
export const seat = (id: string, rules: Written = {}): Written => ({
  id,
  name: `座席${id}`,
  hotlines: [id.startsWith('80') ? '12345' : '110'],
  line: Number(id.slice(2)) < 50 ? 'phone' : 'browser',
  password: id,
  ...rules,
});

export async function aCity(
  change: (config: Written) => Written = (config) => config,
): Promise<City> {
  const [carrier, fire, ambulance] = [await anAddress(), await anAddress(), await anAddress()];
  const config: Written = {
    deployment: { id: 'city', name: words('测试市', 'Test city') },
    hotlines: {
      '12345': hotline('政务服务便民热线', ['12345']),
      '110': hotline('报警服务台', ['110'], { emergency: true }),
    },
    trunks: {
      carrier: trunkTo(carrier),
      fire: trunkTo(fire, { emergency: true }),
      ambulance: trunkTo(ambulance, { emergency: true }),
    },
    peers: {
      '119': peer('消防', [{ trunk: 'fire', number: '119' }]),
      '120': peer('急救', [{ trunk: 'ambulance', number: '120' }]),
    },
    seats: ['8001', '8002', '9001', '9002', '8051', '8052', '9051'].map((id) => seat(id)),
    practice: { citizenPage: true },
  };
  return { config: change(config), carrier, fire, ambulance };
}
