"""PyPI nacos-sdk-python 1.x, unmodified: register, subscribe, beat, publish, listen, remove, against the server at argv[1] (host:port).

Each step prints one line; the first failure ends the program with a traceback and status 1.
"""

import os
import sys
import threading
import time

import nacos
from nacos.listener import Event, SubscribeListener

LIMIT = 30
SERVICE = "interop.pypi"
DATA_ID = "interop.pypi.yaml"
GROUP = "DEFAULT_GROUP"


def step(name, work):
    started = time.monotonic()
    work()
    print(f"  ok: nacos-sdk-python: {name} ({(time.monotonic() - started) * 1000:.0f} ms)", flush=True)


def eventually(what, check):
    """Polls until `check` gives something true."""
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        value = check()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"not within {LIMIT} s: {what}")


def naming(client):
    def addresses():
        return sorted(f"{host['ip']}:{host['port']}" for host in client.list_naming_instance(SERVICE)["hosts"])

    def register():
        assert client.add_naming_instance(SERVICE, "10.9.7.1", 8080, cluster_name="DEFAULT", metadata={"zone": "b"}, heartbeat_interval=5)
        eventually("the instance is listed", lambda: addresses() == ["10.9.7.1:8080"])

    def beat():
        answer = client.send_heartbeat(SERVICE, "10.9.7.1", 8080, cluster_name="DEFAULT", metadata={"zone": "b"})
        assert answer["code"] == 10200, answer

    def subscribe():
        added = threading.Event()
        # It tells of every instance but the one it finds first.
        notice = SubscribeListener(lambda event, _instance: added.set() if event == Event.ADDED else None, "interop")
        client.subscribe(notice, 1, service_name=SERVICE)
        client.add_naming_instance(SERVICE, "10.9.7.2", 8080, cluster_name="DEFAULT")
        assert added.wait(LIMIT), "the listener was never told of the second instance"
        client.stop_subscribe()

    def deregister():
        for ip in ("10.9.7.1", "10.9.7.2"):
            client.remove_naming_instance(SERVICE, ip, 8080, cluster_name="DEFAULT")
        eventually("the service is empty", lambda: addresses() == [])

    step("register", register)
    step("beat answers 10200", beat)
    step("subscribe sees a second instance", subscribe)
    step("deregister", deregister)


def configs(client):
    def publish():
        assert client.publish_config(DATA_ID, GROUP, "limit: 1\n")
        eventually("the content can be read", lambda: client.get_config(DATA_ID, GROUP) == "limit: 1\n")

    def listen():
        changed = threading.Event()
        client.add_config_watcher(DATA_ID, GROUP, lambda event: changed.set() if event["content"] == "limit: 2 # 限流\n" else None)
        client.publish_config(DATA_ID, GROUP, "limit: 2 # 限流\n")
        assert changed.wait(LIMIT), "the watcher was never told of the second content"

    def remove():
        assert client.remove_config(DATA_ID, GROUP)
        eventually("the config is gone", lambda: client.get_config(DATA_ID, GROUP, no_snapshot=True) is None)

    step("publish and get", publish)
    step("listen sees a publish, CJK unharmed", listen)
    step("remove", remove)


def main():
    client = nacos.NacosClient(sys.argv[1], namespace="")
    naming(client)
    configs(client)
    sys.stdout.flush()
    # Its watcher has a process and threads of its own, for which a normal exit would wait.
    client.process_mgr.shutdown()
    os._exit(0)


if __name__ == "__main__":
    main()
