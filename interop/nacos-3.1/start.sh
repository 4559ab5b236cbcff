#!/usr/bin/env bash
# Nacos 3.1.0, standalone, Derby, in the foreground: its own port and that of its console. HTTP binds to loopback; gRPC
# (PORT + 1000, + 1001) and raft (PORT - 1000) bind to every address: there is no setting for them.
# Reads PORT, CONSOLE_PORT, HOME_DIR (an empty folder for data and logs), AUTH (true: users and passwords), XMX.
set -euo pipefail
here=$PWD
mkdir -p "$HOME_DIR"/{conf,logs}
cd "$HOME_DIR"
NACOS_TOKEN_SECRET=$(head -c 48 /dev/urandom | base64 -w 0)
export NACOS_TOKEN_SECRET AUTH=${AUTH:-false}
exec java -Xms64m "-Xmx${XMX:-512m}" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
  -Dnacos.standalone=true -Dnacos.deployment.type=merged "-Dnacos.home=$HOME_DIR" "-Duser.home=$HOME_DIR" \
  -Dnacos.server.ip=127.0.0.1 -Dnacos.inetutils.ip-address=127.0.0.1 -Dserver.address=127.0.0.1 \
  "-Dnacos.server.main.port=$PORT" "-Dnacos.console.port=$CONSOLE_PORT" \
  "-Dserver.tomcat.basedir=$HOME_DIR" -Ddb.pool.config.connectionTimeout=120000 -Dderby.system.durability=test \
  -cp "$here/target/classes:$(cat "$here/target/cp.txt")" interop.Main
