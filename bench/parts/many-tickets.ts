import { createHash } from 'node:crypto';
import pg from 'pg';
import { Chance } from '../../routing/simulator/chance.ts';
import { eventRow, rowOf, wordsOfTicket } from '../../tickets/sql/rows.ts';
import type { Happening } from '../../tickets/events.ts';
import { states, type Holder, type Ticket } from '../../tickets/ticket.ts';
import { opens, police, service, then } from '../../tests/given/tickets.ts';

/**
 * A year and a half of a big city's tickets: a hundred characters each, of common matters (one in eight is about property
 * management) and rare names (some 20,000 housing estates), three events each, every hundredth with thirty.
 */

const MATTERS = [
  ['物业管理', '物业公司收费不合理且服务不到位', '010101'],
  ['噪音扰民', '夜间施工噪音严重影响休息', '020101'],
  ['路灯照明', '路灯多日不亮，夜间出行不安全', '030102'],
  ['供水', '水管爆裂，路面大量积水', '030201'],
  ['供电', '频繁停电，家中电器受损', '030202'],
  ['供气', '燃气压力不足，无法做饭', '030203'],
  ['垃圾清运', '垃圾堆积多日无人清运，异味严重', '040101'],
  ['占道经营', '商贩占道经营，行人无法通行', '040201'],
  ['违章建筑', '楼顶违法搭建，存在安全隐患', '040301'],
  ['停车', '机动车占用消防通道停放', '050101'],
  ['公交', '公交车长时间不到站', '050201'],
  ['欠薪', '工地拖欠工资三个月', '060101'],
  ['社保', '社保转移手续办理缓慢', '060201'],
  ['医保', '异地就医报销比例有疑问', '060202'],
  ['教育', '学校划片范围有异议', '070101'],
  ['食品', '餐馆食品不卫生，就餐后腹泻', '080101'],
  ['消费', '预付卡商家关门，无法退款', '080201'],
  ['环境', '工厂夜间排放刺激性气体', '090101'],
  ['绿化', '行道树倾倒，压坏车辆', '090201'],
  ['宠物', '邻居大型犬不拴绳，追咬行人', '100101'],
] as const;
const DISTRICTS = [
  '锦江',
  '青羊',
  '金牛',
  '武侯',
  '成华',
  '龙泉驿',
  '青白江',
  '新都',
  '温江',
  '双流',
];
const NAME_SIGNS = [
  ...'华阳锦绣天府东升桂溪中和石羊红星科园紫荆玉林双楠光荣金沙蜀汉同善驷马跳蹬沙河龙潭万年青建设猛追水碾新鸿二仙高笋塘麓湖云翠融创恒信世纪城南北西峰岭竹苑枫林港湾澜庭御景瑞丰和平',
];
const WANTS = ['要求尽快处理', '要求相关部门核实并回复', '希望给予合理解释', '要求立即停止并整改'];
const SINCE = Date.parse('2025-06-01T00:00:00+08:00');
const BETWEEN_MS = 45_000;
const BATCH = 2000;

/** The same ticket for the same number. */
function ticketOf(n: number, chance: Chance) {
  const below = (most: number): number => Math.floor(chance.next() * most);
  // the first matters come up most often
  const [matter, said, code] =
    MATTERS[Math.floor(chance.next() ** 2 * MATTERS.length)] ?? MATTERS[0];
  const sign = (): string => NAME_SIGNS[below(NAME_SIGNS.length)] ?? '';
  const name = `${sign()}${sign()}${below(3) === 0 ? sign() : ''}`;
  const district = below(DISTRICTS.length);
  const place = `${DISTRICTS[district]}区${sign()}${sign()}路${1 + below(400)}号${name}小区${1 + below(30)}栋`;
  const asked =
    `来电人反映${place}${matter}问题：${said}，此前已于${1 + below(12)}月${1 + below(28)}日反映过一次，` +
    `至今未得到解决，${WANTS[below(WANTS.length)]}。`;
  const by = below(10) === 0 ? police : service;
  const at = SINCE + n * BETWEEN_MS + below(BETWEEN_MS);
  const division = `5101${String(district + 4).padStart(2, '0')}`;
  const number = `1${[3, 5, 7, 8, 9][below(5)]}${String(below(1e9)).padStart(9, '0')}`;
  const opened = opens(`bench-${n}`, {
    by,
    at,
    key: `${by.hotline}${String(n).padStart(12, '0')}`,
    fields: {
      asked,
      matter: code,
      place: { text: place, division },
      caller: { number, name: `${sign()}女士`, withheld: below(50) === 0 },
    },
  });
  const events = [...opened.events];
  let ticket = opened.after;
  const adds = (happening: Happening): void => {
    const added = then(ticket, happening);
    events.push(...added.events);
    ticket = added.after;
  };
  if (below(200) === 0) adds({ type: 'notified', to: police, why: 'told', pin: true });
  for (let left = n % 100 === 0 ? 28 : 1; left > 0; left--)
    adds({ type: 'urged', words: '来电人再次来电催办，已转告承办单位' });
  // three in a hundred are still worked on
  const to = chance.next() < 0.97 ? 'archived' : (states[below(4)] ?? 'handling');
  adds({ type: 'state-moved', to, term: 1, why: '已办结' });
  return { ticket, events, name };
}

/** Estates that are asked for, with the owner of a ticket there. */
export interface Known {
  readonly ids: readonly string[];
  readonly names: readonly string[];
  readonly numbers: readonly string[];
  readonly keys: readonly string[];
  readonly holder: Holder;
}

/**
 * Writes so many tickets as an emptied database has never seen them: indexes and foreign keys are made afterwards, as a
 * restore does. The rows are those of the store's own code.
 * @param url of a superuser, who may leave the foreign keys out
 * @returns some of what can be asked for
 */
export async function seedTickets(
  url: string,
  count: number,
  says: (line: string) => void,
): Promise<Known> {
  const client = new pg.Client(url);
  await client.connect();
  const known = {
    ids: [] as string[],
    names: [] as string[],
    numbers: [] as string[],
    keys: [] as string[],
  };
  try {
    await client.query(`SET session_replication_role = replica`);
    await client.query(`SET synchronous_commit = off`);
    await client.query(`SET maintenance_work_mem = '1GB'`);
    const { rows: indexes } = await client.query<{ name: string; def: string }>(
      `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS def FROM pg_index i
       WHERE indrelid IN ('tickets'::regclass, 'ticket_events'::regclass, 'ownership'::regclass)
         AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)`,
    );
    for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
    const chance = new Chance(1);
    for (let from = 0; from < count; from += BATCH) {
      const tickets: Ticket[] = [];
      const events: ReturnType<typeof eventRow>[] = [];
      for (let n = from; n < Math.min(count, from + BATCH); n++) {
        const { ticket, events: told, name } = ticketOf(n, chance);
        tickets.push(ticket);
        events.push(...told.map(eventRow));
        if (n % Math.ceil(count / 500) === 0) {
          known.ids.push(ticket.id);
          known.names.push(name);
          known.keys.push(ticket.key);
          known.numbers.push(ticket.fields.caller.number ?? '');
        }
      }
      await write(client, tickets, events);
      if (from % (count / 10) === 0) says(`… ${from} tickets`);
    }
    says('… indexes');
    for (const { def } of indexes) await client.query(def);
    await client.query('VACUUM (ANALYZE) tickets, ticket_events, ownership');
    await client.query('CHECKPOINT');
  } finally {
    await client.end();
  }
  return { ...known, holder: service };
}

async function write(
  client: pg.Client,
  tickets: readonly Ticket[],
  events: readonly ReturnType<typeof eventRow>[],
): Promise<void> {
  const rows = tickets.map((ticket) => ({
    ...rowOf(ticket, ticket.opened.at),
    words: wordsOfTicket(ticket)
      .map((word) => `'${word}'`)
      .join(' '),
  }));
  const columns = Object.keys(rows[0] ?? {}).join(', ');
  await client.query(
    `INSERT INTO tickets (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::tickets, $1)`,
    [JSON.stringify(rows.map((row) => ({ ...row, body: JSON.parse(row.body) as unknown })))],
  );
  await client.query(
    `INSERT INTO ownership (ticket, term, deployment, hotline, since)
     SELECT id, term, owner_deployment, owner_hotline, opened_at
     FROM json_populate_recordset(NULL::tickets, $1)`,
    [JSON.stringify(rows.map(({ body: _body, words: _words, ...row }) => row))],
  );
  await client.query(
    `INSERT INTO ticket_events (ticket, version, heard_at, type, deployment, person, body, prior_hash, hash)
     SELECT ticket, version, heard_at, type, deployment, person, body::json, decode(prior, 'hex'), decode(hash, 'hex')
     FROM json_to_recordset($1) AS x(ticket text, version int, heard_at timestamptz, type text, deployment text,
       person text, body text, prior text, hash text)`,
    [JSON.stringify(chained(events))],
  );
}

/** Events with the hashes that the database makes of them otherwise. */
function chained(events: readonly ReturnType<typeof eventRow>[]) {
  let prior: string | null = null;
  return events.map((event) => {
    if (event.version === 1) prior = null;
    const hash = createHash('sha256');
    if (prior !== null) hash.update(prior, 'hex');
    const row = { ...event, prior, hash: hash.update(event.body).digest('hex') };
    prior = row.hash;
    return row;
  });
}
