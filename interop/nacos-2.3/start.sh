#!/usr/bin/env bash
# Nacos 2.3.2, standalone, Derby, in the foreground. HTTP binds to loopback; gRPC (PORT + 1000, + 1001) and raft (PORT - 1000)
# bind to every address: there is no setting for them.
# Reads PORT, HOME_DIR (an empty folder for data and logs), AUTH (true: users and passwords), XMX.
set -euo pipefail
here=$PWD
mkdir -p "$HOME_DIR"/{conf,logs}
cd "$HOME_DIR"
NACOS_TOKEN_SECRET=$(head -c 48 /dev/urandom | base64 -w 0)
export NACOS_TOKEN_SECRET AUTH=${AUTH:-false}
exec java -Xms64m "-Xmx${XMX:-512m}" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
  -Dnacos.standalone=true "-Dnacos.home=$HOME_DIR" "-Duser.home=$HOME_DIR" -Dnacos.server.ip=127.0.0.1 \
  "-Dserver.tomcat.basedir=$HOME_DIR" -Ddb.pool.config.connectionTimeout=120000 -Dderby.system.durability=test \
  -cp "$here/target/classes:$(cat "$here/target/cp.txt")" interop.Main "--server.port=$PORT"
