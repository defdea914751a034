import type { Happening, Stepped } from '../../routing/staffing/happenings.ts';
import { StaffingRefusal } from '../../routing/staffing/refusals.ts';
import { actView } from '../floor-view.ts';
import type { Wired } from '../wire.ts';
import { DetailedRefusal } from './failures.ts';

/**
 * The staffing does what somebody asks for.
 * @throws DetailedRefusal with what somebody else did meanwhile, where that is the cause
 */
export async function obeys(wired: Wired, happening: Happening): Promise<Stepped> {
  const done = await wired.staff.keeper.happened(happening);
  if (!(done instanceof StaffingRefusal)) return done;
  const { act, ...detail } = done.detail;
  const shown = act === undefined ? {} : { act: act && actView(wired, act) };
  throw new DetailedRefusal(done, { ...detail, ...shown });
}
