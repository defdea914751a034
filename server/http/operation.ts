import type { Response } from 'express';
import type { z } from 'zod';
import type { Role, Who } from './sessions.ts';

/** One thing that the API can do; the server's routes and the OpenAPI text are both made of these. */
export interface Operation {
  readonly method: 'get' | 'post';
  /** In OpenAPI's form: /api/calls/{call}/answer. */
  readonly path: string;
  readonly tag:
    | 'calls'
    | 'seat'
    | 'manager'
    | 'floor'
    | 'plans'
    | 'site'
    | 'log-in'
    | 'practice'
    | 'health'
    | 'tickets'
    | 'exchange';
  readonly summary: string;
  readonly body: z.ZodType | null;
  /** The body is a file of this media type, which `handle` reads itself. */
  readonly takes?: string;
  /** What may stand behind the path's question mark; left out: nothing is looked at. */
  readonly query?: z.ZodObject;
  /** What it answers; null: 204. */
  readonly answers: z.ZodType | null;
  /** It answers a file of one of these media types, which `handle` sends itself. */
  readonly files?: readonly string[];
  /** Who may ask; left out: a seat. `anybody` need not be logged in. */
  readonly by?: Audience;
  readonly handle: (asked: Asked) => unknown;
}

export type Audience = 'anybody' | 'logged-in' | Exclude<Who['kind'], 'person'> | Role | 'staff';

export interface Asked {
  /** The asking seat, or a manager's own place; of others the empty string. */
  readonly seat: string;
  /** Null: not logged in. */
  readonly who: Who | null;
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly query: unknown;
  readonly res: Response;
}
