import type { FloorCall, ManagedCall } from '../../server/http/supervise-views.ts';
import { secretFor } from '../../server/environment.ts';
import { seatEndpoint } from '../../telephony/asterisk/plan.ts';
import type { Written } from './deployment.ts';
import { aPhone, type Phone } from './party.ts';
import { Person } from './staff.ts';
import type { World } from './world.ts';

/** A manager's place with a phone, for a configuration's `people`. */
export const supervisorAt9900: Written = {
  id: 'chen',
  name: '陈明',
  roles: ['manager'],
  seat: '9900',
  line: 'phone',
  password: 'chen',
};

/** A manager who is with calls: at a place with a phone, and at the API as the page is. */
export class Supervisor {
  readonly person: Person;
  readonly phone: Phone;

  constructor(person: Person, phone: Phone) {
    this.person = person;
    this.phone = phone;
  }

  /** The first call on the floor, or the one in which this seat talks. */
  theCall(seat?: string): Promise<FloorCall> {
    return theCall(this.person, seat);
  }

  presses(id: string, seat?: string): Promise<ManagedCall> {
    return presses(this.person, id, seat);
  }

  async listens(seat?: string): Promise<void> {
    await this.presses('listen', seat);
    await this.phone.isRung();
    await this.phone.answers();
    await this.person.until('he is with them', ({ calls }) =>
      calls.some((one) => isOf(one, seat) && one.supervisor?.here === true),
    );
  }
}

export async function aSupervisor(world: World): Promise<Supervisor> {
  const { environment, sip: asterisk } = world.deployment;
  const secret = secretFor(environment, 'seat 9900');
  const id = seatEndpoint('9900');
  const phone = world.stays(await aPhone({ id, secret, asterisk, tone: 'supervisor' }));
  const person = new Person(world.deployment.url, 'chen');
  await person.logsInAs({ person: 'chen' }, 'chen');
  return new Supervisor(person, phone);
}

/** The first call on the floor, or the one in which this seat talks. */
export async function theCall(person: Person, seat?: string): Promise<FloorCall> {
  const { calls } = await person.until('a call on the floor', ({ calls: all }) =>
    all.some((one) => isOf(one, seat)),
  );
  return calls.find((one) => isOf(one, seat)) as FloorCall;
}

/** Presses a key that the server lists as allowed. */
export async function presses(person: Person, id: string, seat?: string): Promise<ManagedCall> {
  const { id: call } = await theCall(person, seat);
  const { body } = await person.get(`/api/calls/${call}/managed`);
  const action = (body as ManagedCall).actions.find((one) => one.id === id);
  if (!action?.allowed) throw new Error(`${id}: ${JSON.stringify(action?.why)}`);
  return person.obeyed(action.request.path, action.request.body);
}

const isOf = (call: FloorCall, seat: string | undefined): boolean =>
  seat === undefined || call.seats.includes(seat);
