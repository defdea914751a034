/** What the base files of one Asterisk need to know. */
export interface BasePlan {
  /** Address that HTTP (ARI, SIP over WebSocket) listens on. */
  readonly httpAddress: string;
  readonly httpPort: number;
  readonly rtpFrom: number;
  readonly rtpTo: number;
  /** Media is offered to browsers at `address` instead of at the machine's own ones; null: at its own. */
  readonly media: { readonly address: string; readonly insteadOf: readonly string[] } | null;
}

const MODULES = [
  'res_sorcery_config',
  'res_sorcery_memory',
  'res_sorcery_astdb',
  'res_timing_timerfd',
  'res_crypto',
  'res_http_websocket',
  'res_websocket_client',
  'res_pjproject',
  'res_pjsip',
  'res_pjsip_session',
  'res_pjsip_sdp_rtp',
  'res_pjsip_pubsub',
  'res_pjsip_caller_id',
  'res_pjsip_header_funcs',
  'res_pjsip_diversion',
  'res_pjsip_endpoint_identifier_user',
  'res_pjsip_endpoint_identifier_ip',
  'res_pjsip_endpoint_identifier_anonymous',
  'res_pjsip_authenticator_digest',
  'res_pjsip_outbound_authenticator_digest',
  'res_pjsip_outbound_registration',
  'res_pjsip_registrar',
  'res_pjsip_transport_websocket',
  'res_pjsip_nat',
  'res_pjsip_acl',
  'res_pjsip_logger',
  'res_pjsip_history',
  'res_pjsip_rfc3326',
  'res_pjsip_dtmf_info',
  'res_pjsip_refer',
  'chan_pjsip',
  'func_pjsip_endpoint',
  'res_rtp_asterisk',
  'res_srtp',
  'res_stasis',
  'res_stasis_answer',
  'res_stasis_playback',
  'res_stasis_recording',
  'res_stasis_snoop',
  'res_stasis_broadcast',
  'app_stasis',
  'app_stasis_broadcast',
  'res_ari',
  'res_ari_model',
  'res_ari_applications',
  'res_ari_asterisk',
  'res_ari_bridges',
  'res_ari_channels',
  'res_ari_endpoints',
  'res_ari_events',
  'res_ari_playbacks',
  'res_ari_recordings',
  'res_ari_sounds',
  'bridge_simple',
  'bridge_softmix',
  'bridge_native_rtp',
  'bridge_holding',
  'bridge_builtin_features',
  'chan_bridge_media',
  'res_musiconhold',
  'res_mutestream',
  'pbx_config',
  'app_dial',
  'app_echo',
  'app_playback',
  'app_read',
  'app_senddtmf',
  'app_milliwatt',
  'app_playtones',
  'app_while',
  'app_stack',
  'app_exec',
  'func_callerid',
  'func_channel',
  'func_base64',
  'func_strings',
  'func_logic',
  'func_module',
  'func_cut',
  'func_uri',
  'func_dialplan',
  'func_hangupcause',
  'func_global',
  'func_groupcount',
  'func_md5',
  'func_timeout',
  'codec_alaw',
  'codec_ulaw',
  'codec_g722',
  'codec_gsm',
  'codec_resample',
  'codec_opus_open_source',
  'format_pcm',
  'format_wav',
  'format_sln',
  'format_gsm',
  'res_format_attr_opus',
];

// Asterisk looks for these and complains when they are not there; their defaults suit us.
const EMPTY = [
  'acl.conf',
  'ccss.conf',
  'cel.conf',
  'codecs.conf',
  'enum.conf',
  'features.conf',
  'manager.conf',
  'pjproject.conf',
  'sorcery.conf',
  'stasis.conf',
  'udptl.conf',
  'websocket_client.conf',
];

/** The files that every Asterisk of ours has: modules, log, HTTP, RTP, tones. Name -> text. */
export function baseFiles(plan: BasePlan): Record<string, string> {
  // Asterisk never offers a loopback address of itself, whatever ice_permit says; it can be told another name for its own.
  const instead = plan.media?.insteadOf.map((own) => `${own} => ${plan.media?.address}`) ?? [];
  return {
    ...Object.fromEntries(EMPTY.map((name) => [name, ''])),
    // Its own call records follow every channel and bridge, though no module that writes them is loaded.
    'cdr.conf': conf('[general]', 'enable=no'),
    'modules.conf': conf('[modules]', 'autoload=no', ...MODULES.map((name) => `load=${name}.so`)),
    'logger.conf': conf(
      '[general]',
      'dateformat=%F %T.%3q',
      '[logfiles]',
      'messages.log => notice,warning,error',
    ),
    'http.conf': conf(
      '[general]',
      'enabled=yes',
      `bindaddr=${plan.httpAddress}`,
      `bindport=${plan.httpPort}`,
      'sessionlimit=2000',
    ),
    'rtp.conf': conf(
      '[general]',
      `rtpstart=${plan.rtpFrom}`,
      `rtpend=${plan.rtpTo}`,
      '[ice_host_candidates]',
      ...instead,
    ),
    'indications.conf': conf(
      '[general]',
      'country=cn',
      '[cn]',
      'description=China',
      'ringcadence=1000,4000',
      'dial=450',
      'busy=450/350,0/350',
      'ring=450/1000,0/4000',
      'congestion=450/700,0/700',
      'callwaiting=450/400,0/4000',
      'dialrecall=450',
      'record=950/400,0/10000',
      'info=450/100,0/100,450/100,0/100,450/100,0/100,450/400,0/400',
    ),
  };
}

/** Lines of a configuration file. */
export function conf(...lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
