import { containerFiles } from './write-asterisk-files.ts';

const env = {
  LIANDONG_CONFIG: 'config/liandong.yaml',
  LIANDONG_MEDIA: '/config',
  ASTERISK_URL: 'http://liandong:a-password@172.30.110.10:8088',
  REDIS_URL: 'redis://redis:6379',
  LIANDONG_HTTP_HOST: '0.0.0.0',
  LIANDONG_PUBLISH_HTTP: '127.0.0.1',
  LIANDONG_SIP_HOST: '172.30.110.10',
};

test('Asterisk in a container is bound to its own address and offers the published one to browsers too', async () => {
  const files = await containerFiles(env);
  expect(files['pjsip.conf']).toContain('bind=172.30.110.10:7002');
  expect(files['pjsip.conf']).not.toContain('external_');
  expect(files['rtp.conf']).toContain('172.30.110.10 => 127.0.0.1,include_local_address');
  expect(files['logger.conf']).toContain('/dev/stdout');
});

test('behind NAT everybody but Asterisk itself is told the external address', async () => {
  const files = await containerFiles({ ...env, LIANDONG_EXTERNAL_ADDRESS: '198.51.100.7' });
  expect(files['pjsip.conf']).toContain(
    '[udp](+)\nexternal_media_address=198.51.100.7\nexternal_signaling_address=198.51.100.7\nlocal_net=172.30.110.10/32\n',
  );
  expect(files['rtp.conf']).toContain('172.30.110.10 => 198.51.100.7,');
});

test('plain passwords pass only while people reach us on loopback', async () => {
  await expect(containerFiles({ ...env, LIANDONG_PUBLISH_HTTP: '0.0.0.0' })).rejects.toThrow(
    /LIANDONG_PUBLISH_HTTP is 0\.0\.0\.0: plain passwords .* seats 8001, 8002.* need an \$argon2id\$ hash; people chen, duty need an \$argon2id\$ hash; sites suzhou, hangzhou need/,
  );
  await expect(containerFiles({ ...env, LIANDONG_PUBLISH_HTTP: undefined })).rejects.toThrow(
    /LIANDONG_HTTP_HOST is 0\.0\.0\.0/,
  );
  await expect(containerFiles({ ...env, LIANDONG_SIP_HOST: 'asterisk' })).rejects.toThrow(
    'LIANDONG_SIP_HOST must be an IP address, not asterisk',
  );
});
