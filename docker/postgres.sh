#!/bin/sh
# Makes the database once, then becomes PostgreSQL. Everybody logs in by password.
set -eu
bin=/usr/lib/liandong-postgres
data=/data/postgres
if [ ! -e "$data" ]; then
  umask 077
  rm -rf /data/making
  printf '%s' "$LIANDONG_DATABASE_PASSWORD" > /data/password
  "$bin/initdb" -D /data/making -U postgres --pwfile=/data/password --encoding=UTF8 --locale=C --auth=scram-sha-256
  rm /data/password
  echo 'host all all all scram-sha-256' > /data/making/pg_hba.conf
  {
    echo "CREATE ROLE liandong LOGIN PASSWORD '$LIANDONG_DATABASE_PASSWORD'"
    echo 'CREATE DATABASE liandong OWNER liandong'
  } | "$bin/postgres" --single -D /data/making postgres > /dev/null
  mv /data/making "$data"
fi
exec "$bin/postgres" -D "$data" -c 'listen_addresses=*' -c unix_socket_directories= -c timezone=GMT -c jit=off
