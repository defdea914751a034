#!/bin/sh
# Waits for the files that the controller's image writes, then becomes Asterisk.
set -eu
seconds=0
until [ -s /etc/liandong-asterisk/pjsip.conf ]; do
  if [ "$seconds" -ge 60 ]; then
    echo 'No files in /etc/liandong-asterisk after 60 s: look at the log of the service configure.' >&2
    exit 1
  fi
  seconds=$((seconds + 1))
  sleep 1
done
exec asterisk -f -n
