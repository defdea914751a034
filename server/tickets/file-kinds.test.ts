import { isOfKind, kindOfFile } from './file-kinds.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

test.each([
  ['现场照片.JPG', 'image/jpeg', 'ffd8ffe0 0010'],
  ['scan.pdf', 'application/pdf', '255044462d'],
  ['clip.mp4', 'video/mp4', '00000018 66747970'],
  ['表.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', '504b0304'],
  ['说明.txt', 'text/plain', 'e8afb4'],
])('%s is taken as %s', (name, mediaType, head) => {
  const kind = kindOfFile(name);
  expect(kind?.mediaType).toBe(mediaType);
  expect(kind && isOfKind(kind, hex(head))).toBe(true);
});

test('what is none of them is not taken', () => {
  for (const name of ['run.exe', 'page.html', 'x.svg', 'toString', 'jpg', 'a.pdf.sh', '']) {
    expect([name, kindOfFile(name)]).toEqual([name, null]);
  }
});

test('a program under another name is not taken', () => {
  for (const name of ['a.jpg', 'a.pdf', 'a.docx', 'a.txt', 'a.mp4']) {
    const kind = kindOfFile(name);
    expect([name, kind && isOfKind(kind, hex('4d5a9000 03000000'))]).toEqual([name, false]);
  }
});
