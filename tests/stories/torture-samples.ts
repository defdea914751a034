/** Whom the messages are for and whom they come from, each host:port. */
export interface Place {
  readonly us: string;
  readonly them: string;
}

const lines = (...all: string[]): string => `${all.join('\r\n')}\r\n`;
const sdp =
  'v=0\r\no=mhandley 29739 7272939 IN IP4 192.0.2.3\r\ns=-\r\nc=IN IP4 192.0.2.4\r\nt=0 0\r\n';

/**
 * Messages after RFC 4475 (SIP torture tests), by its names, told to our address.
 * Those which are valid there dial a number that is none of ours, so that no call comes about.
 */
export function samples({ us, them }: Place) {
  const port = them.split(':').at(-1);
  const head = (method: string, id: string, to = `<sip:99999@${us}>`) => [
    `Via: SIP/2.0/UDP ${them};branch=z9hG4bK${id}`,
    `From: <sip:caller@${them}>;tag=${id}`,
    `To: ${to}`,
    `Call-ID: ${id}@${them}`,
    `CSeq: 1 ${method}`,
    'Max-Forwards: 70',
    `Contact: <sip:caller@${them}>`,
  ];
  const uri = `sip:99999@${us}`;
  const invite = (id: string, ...more: string[]) =>
    lines(`INVITE ${uri} SIP/2.0`, ...head('INVITE', id), ...more);
  const withSdp = ['Content-Type: application/sdp', `Content-Length: ${sdp.length}`, '', sdp];
  return {
    // 3.1.1: valid, however strange.
    unusualOptions: lines(
      `OPTIONS sip:12345@${us};unknownparam SIP/2.0`,
      'TO :',
      ` <sip:12345@${us}>`,
      `from   : "J Rosenberg \\\\\\""       <sip:jdrosen@${them}>`,
      '  ;',
      '  tag = 98asjd8',
      'MaX-fOrWaRdS: 0068',
      `Call-ID: unusual.${port}@192.0.2.1`,
      'cseq: 0009',
      '  OPTIONS',
      `v:  SIP/2.0/UDP     ${them}   ;branch=z9hG4bK390${port}`,
      'Subject :',
      'NewFangledHeader:   newfangled value',
      ' continued newfangled value',
      'UnknownHeaderWithUnusualValue: ;;,,;;,;',
      'l: 0',
      '',
    ),
    wsinv: lines(
      `INVITE sip:vivekg@${us};unknownparam SIP/2.0`,
      'TO :',
      ` sip:vivekg@${us} ;   tag    = 1918181833n`,
      `from   : "J Rosenberg \\\\\\""       <sip:jdrosen@${them}>`,
      '  ;',
      '  tag = 98asjd8',
      'MaX-fOrWaRdS: 0068',
      'Call-ID: wsinv.ndaksdj@192.0.2.1',
      `Content-Length   : ${sdp.length}`,
      'cseq: 0009',
      '  INVITE',
      `Via  : SIP  /   2.0`,
      ` /UDP`,
      `    ${them};branch=390skdjuw`,
      's :',
      'NewFangledHeader:   newfangled value',
      ' continued newfangled value',
      'UnknownHeaderWithUnusualValue: ;;,,;;,;',
      'Content-Type: application/sdp',
      'Route:',
      ' <sip:services.example.com;lr;unknownwith=value;unknown-no-value>',
      `v:  SIP  / 2.0  / TCP     spindle.example.com   ;`,
      '  branch  =   z9hG4bK9ikj8  ,',
      ' SIP  /    2.0   / UDP  192.168.255.111   ; branch=',
      ' z9hG4bK30239',
      'm:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =',
      '      newvalue ;',
      '  secondparam ; q = 0.33',
      '',
      sdp,
    ),
    intmeth: lines(
      `!interesting-Method0123456789_*+\`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@${us} SIP/2.0`,
      ...head("!interesting-Method0123456789_*+`.%indeed'~", 'intmeth'),
      "extensionHeader-!.%*+_`'~:\uFEFF大停電",
      'Content-Length: 0',
      '',
    ),
    esc01: lines(
      `INVITE sip:sips%3Auser%40example.com@${us} SIP/2.0`,
      ...head('INVITE', 'esc01', `sip:%75se%72@${us}`),
      ...withSdp,
    ),
    escnull: lines(
      `REGISTER sip:${us} SIP/2.0`,
      ...head('REGISTER', 'escnull', `<sip:null-%00-null@${us}>`),
      'Contact: <sip:%00@host5.example.com>, <sip:%00%00@host5.example.com>',
      'L:0',
      '',
    ),
    esc02: lines(`RE%47IST%45R sip:${us} SIP/2.0`, ...head('RE%47IST%45R', 'esc02'), 'l: 0', ''),
    lwsdisp: lines(
      `OPTIONS ${uri} SIP/2.0`,
      ...head('OPTIONS', 'lwsdisp').map((line) => line.replace('From: <', 'From: caller<')),
      'l: 0',
      '',
    ),
    longreq: lines(
      `INVITE ${uri} SIP/2.0`,
      ...head(
        'INVITE',
        'longreq',
        `"I have a user name of ${'extreme'.repeat(300)} proportion" <sip:${'long'.repeat(200)}@${us}>`,
      ),
      `Unknown-${'Long'.repeat(200)}-Name: ${'value'.repeat(400)}`,
      ...Array.from({ length: 60 }, (_, i) => `Via: SIP/2.0/TCP sip${i}.example.com`),
      ...withSdp,
    ),
    dblreq:
      lines(`REGISTER sip:${us} SIP/2.0`, ...head('REGISTER', 'dblreq'), 'Content-Length: 0', '') +
      invite('dblreq2', ...withSdp),
    semiuri: lines(
      `OPTIONS sip:user;par=u%40example.net@${us} SIP/2.0`,
      ...head('OPTIONS', 'semi'),
      '',
    ),
    transports: lines(
      `OPTIONS ${uri} SIP/2.0`,
      'Via: SIP/2.0/UNKNOWN t5.example.com;branch=z9hG4bK0,SIP/2.0/TLS t4;branch=z9hG4bK1',
      ...head('OPTIONS', 'transports'),
      '',
    ),
    noreason: 'SIP/2.0 100 \r\n' + lines(...head('INVITE', 'noreason'), 'Content-Length: 0', ''),
    unreason: lines(
      'SIP/2.0 200 = 2**3 * 5**2 но сто девяносто девять - простое',
      ...head('INVITE', 'unreason'),
      'Content-Length: 0',
      '',
    ),
    // 3.1.2: not valid.
    badinv01: invite(
      'badinv01',
      'Contact: "Joe" <sip:joe@example.org>;;;;,;,,',
      'Via: SIP/2.0/UDP 192.0.2.15;;,;,,',
      '',
    ),
    clerr: invite('clerr', 'Content-Type: application/sdp', 'Content-Length: 9999', '', sdp),
    ncl: invite('ncl', 'Content-Type: application/sdp', 'Content-Length: -999', '', sdp),
    scalar02: lines(
      `REGISTER sip:${us} SIP/2.0`,
      ...head('REGISTER', 'scalar02').map((line) =>
        line.replace('CSeq: 1', 'CSeq: 36893488147419103232').replace('70', '300'),
      ),
      'Expires: 10000000000000000000000000000000000000',
      'Contact: <sip:user@host129.example.com>;expires=280297596632815',
      'Content-Length: 0',
      '',
    ),
    scalarlg: lines(
      'SIP/2.0 503 Service Unavailable',
      ...head('INVITE', 'scalarlg').map((line) =>
        line.replace('CSeq: 1', 'CSeq: 9292394834772304023312'),
      ),
      'Retry-After: 949302838503028349304023988',
      'Warning: 1812 overture "In Progress"',
      'Content-Length: 0',
      '',
    ),
    quotbal: lines(
      `INVITE ${uri} SIP/2.0`,
      ...head('INVITE', 'quotbal', `"Mr. J. User <sip:j.user@${us}>`),
      ...withSdp,
    ),
    ltgtruri: lines(`INVITE <${uri}> SIP/2.0`, ...head('INVITE', 'ltgtruri'), ...withSdp),
    lwsruri: lines(`INVITE sip:99999@${us}; lr SIP/2.0`, ...head('INVITE', 'lwsruri'), ...withSdp),
    lwsstart: lines(`INVITE  ${uri}  SIP/2.0`, ...head('INVITE', 'lwsstart'), ...withSdp),
    trws: lines(`OPTIONS ${uri} SIP/2.0  `, ...head('OPTIONS', 'trws'), ''),
    escruri: lines(
      `INVITE ${uri}?Route=%3Csip:x%3E SIP/2.0`,
      ...head('INVITE', 'escruri'),
      ...withSdp,
    ),
    baddate: invite('baddate', 'Date: Fri, 01 Jan 2010 16:00:00 EST', ...withSdp),
    regbadct: lines(
      `REGISTER sip:${us} SIP/2.0`,
      ...head('REGISTER', 'regbadct'),
      'Contact: sip:user@example.com?Route=%3Csip:sip.example.com%3E',
      'l: 0',
      '',
    ),
    badaspec: lines(
      `OPTIONS ${uri} SIP/2.0`,
      ...head('OPTIONS', 'badaspec', `"Watson, Thomas" < sip:t.watson@${us} >`),
      '',
    ),
    baddn: lines(
      `OPTIONS ${uri} SIP/2.0`,
      ...head('OPTIONS', 'baddn').map((line) => line.replace('From: <', 'From: Bell, Alexander <')),
      '',
    ),
    badvers: lines(`OPTIONS ${uri} SIP/7.0`, ...head('OPTIONS', 'badvers'), ''),
    mismatch01: lines(`OPTIONS ${uri} SIP/2.0`, ...head('INVITE', 'mismatch01'), ''),
    mismatch02: lines(`NEWMETHOD ${uri} SIP/2.0`, ...head('INVITE', 'mismatch02'), ...withSdp),
    bigcode: lines(
      'SIP/2.0 4294967301 better not break the receiver',
      ...head('INVITE', 'bigcode'),
      '',
    ),
    // 3.2 and 3.3: between transactions and applications.
    badbranch: lines(
      `OPTIONS ${uri} SIP/2.0`,
      ...head('OPTIONS', 'badbranch').map((line) => line.replace('z9hG4bKbadbranch', 'z9hG4bK')),
      '',
    ),
    insuf: lines(
      `INVITE ${uri} SIP/2.0`,
      'CSeq: 193942 INVITE',
      `Via: SIP/2.0/UDP ${them};branch=z9hG4bKinsuf`,
      ...withSdp,
    ),
    unkscm: lines(
      `OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0`,
      ...head('OPTIONS', 'unkscm'),
      '',
    ),
    novelsc: lines(
      `OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0`,
      ...head('OPTIONS', 'novelsc'),
      '',
    ),
    unksm2: lines(
      `REGISTER sip:${us} SIP/2.0`,
      ...head('REGISTER', 'unksm2', 'isbn:2983792873'),
      'Contact: <name:John_Smith>',
      '',
    ),
    bext01: lines(
      `OPTIONS ${uri} SIP/2.0`,
      ...head('OPTIONS', 'bext01'),
      'Require: nothingSupportsThis, nothingSupportsThisEither',
      'Proxy-Require: noProxiesSupportThis',
      '',
    ),
    invut: invite(
      'invut',
      'Content-Type: application/unknownformat',
      'Content-Length: 24',
      '',
      '<audio>\n <pcmu port="1"/',
    ),
    regaut01: lines(
      `REGISTER sip:${us} SIP/2.0`,
      ...head('REGISTER', 'regaut01'),
      'Authorization: NoOneKnowsThisScheme opaque-data=here',
      '',
    ),
    multi01: lines(
      `INVITE ${uri} SIP/2.0`,
      ...head('INVITE', 'multi01'),
      ...head('INVITE', 'multi01b'),
      ...head('OPTIONS', 'multi01c'),
      ...withSdp,
    ),
    mcl01: lines(
      `OPTIONS ${uri} SIP/2.0`,
      ...head('OPTIONS', 'mcl01'),
      'Content-Length: 13',
      'Content-Length: 5',
      '',
      'There are 13 b',
    ),
    bcast: lines(
      'SIP/2.0 200 OK',
      'Via: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923',
      ...head('INVITE', 'bcast').slice(1),
      ...withSdp,
    ),
    zeromf: lines(
      `OPTIONS ${uri} SIP/2.0`,
      ...head('OPTIONS', 'zeromf').map((line) => line.replace('70', '0')),
      '',
    ),
    cparam01: lines(
      `REGISTER sip:${us} SIP/2.0`,
      ...head('REGISTER', 'cparam01'),
      'Contact: sip:+19725552222@gw1.example.net;unknownparam',
      '',
    ),
    sdp01: invite('sdp01', 'Accept: text/nobodyKnowsThis', ...withSdp),
    inv2543: lines(
      `INVITE ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${them}`,
      `From: <sip:iuser@${them}>`,
      `To: <sip:99999@${us}>`,
      'Call-ID: inv2543.1717@ja.example.net',
      'CSeq: 56 INVITE',
      ...withSdp,
    ),
    // For one of our numbers, so that they reach the dialplan; the answers go nowhere.
    ours: lines(
      `INVITE sip:12345@${us} SIP/2.0`,
      ...head('INVITE', 'ours'),
      'Content-Type: application/sdp',
      'Content-Length: 20',
      '',
      'v=0\r\no=x\r\nm=audio\r\n',
    ),
    strayAck: lines(`ACK sip:12345@${us} SIP/2.0`, ...head('ACK', 'strayAck'), ''),
    strayBye: lines(
      `BYE sip:12345@${us} SIP/2.0`,
      ...head('BYE', 'strayBye', `<sip:12345@${us}>;tag=none`),
      '',
    ),
    strayCancel: lines(`CANCEL sip:12345@${us} SIP/2.0`, ...head('CANCEL', 'strayCancel'), ''),
    strayRefer: lines(
      `REFER sip:12345@${us} SIP/2.0`,
      ...head('REFER', 'strayRefer'),
      'Refer-To: <sip:99999@evil.example?Replaces=1%3Bto-tag%3D2%3Bfrom-tag%3D3>',
      '',
    ),
  } as const satisfies Record<string, string>;
}
