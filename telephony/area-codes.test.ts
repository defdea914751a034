import { areaCodes, regionOf } from './area-codes.ts';

test('each code is one that the plan knows, and no code begins another', () => {
  const codes = [...areaCodes.keys()];
  expect(codes.filter((code) => !/^(010|02[0-57-9]|0[3-9]\d{2})$/.test(code))).toEqual([]);
  expect(codes.filter((code) => codes.some((one) => one !== code && code.startsWith(one)))).toEqual(
    [],
  );
  expect(codes.length).toBeGreaterThan(300);
});

test('each place has its name in both languages, and none has two codes but by its province', () => {
  for (const { zh, en } of areaCodes.values()) {
    expect(zh).toMatch(/^[\u4e00-\u9fff（）、]+( [\u4e00-\u9fff（）、]+)?$/);
    expect(en).toMatch(/^\p{Lu}[\p{L}’/ (),]+$/u);
  }
  for (const language of ['zh', 'en'] as const) {
    const names = [...areaCodes.values()].map((words) => words[language]);
    expect(new Set(names).size).toBe(names.length);
  }
});

test.each([
  ['01062345678', '北京'],
  ['02584001234', '江苏 南京'],
  ['051265001234', '江苏 苏州'],
  ['051212345', '江苏 苏州'],
  ['+862584001234', '江苏 南京'],
  ['008651265001234', '江苏 苏州'],
  ['+8602584001234', '江苏 南京'],
  ['089866001234', '海南'],
  ['13800138000', null],
  ['013800138000', null],
  ['+8613800138000', null],
  ['84001234', null],
  ['12345', null],
  ['03991234567', null],
  ['025', null],
  ['+12125550123', null],
  ['', null],
  [null, null],
])('%s is of %s', (number, zh) => {
  expect(regionOf(number)?.zh ?? null).toBe(zh);
});
