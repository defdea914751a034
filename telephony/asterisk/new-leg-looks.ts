import type { Ring } from '../call.ts';

/**
 * The variables of a new channel by which its INVITE looks so. From is built once, from the connected line of the new
 * channel (identity.md, row From); everything else is a header of ours.
 */
export function identity(ring: Ring): Record<string, string> {
  const variables = connectedLine(ring.callerNumber);
  for (const [name, value] of ring.headers) {
    if (/[\r\n]/.test(value)) throw new Error(`a line break in the ${name} header`);
    const variable = `PJSIP_HEADER(add,${name})`;
    // Several values of one name stand in one header, as RFC 3261 7.3.1 allows.
    variables[variable] = variable in variables ? `${variables[variable]}, ${value}` : value;
  }
  return variables;
}

/** Asterisk would take over what is missing here from the citizen's own leg, her display name too, which may be her number. */
export function connectedLine(number: string | null): Record<string, string> {
  const presentation = number === null ? 'prohib' : 'allowed';
  return {
    'CONNECTEDLINE(num,i)': number ?? '',
    'CONNECTEDLINE(num-pres,i)': presentation,
    'CONNECTEDLINE(name,i)': '',
    'CONNECTEDLINE(name-pres,i)': presentation,
  };
}
