#!/bin/bash
# Runs a command with a real, unlocked Secret Service (gnome-keyring) on a private D-Bus session, in a throw-away
# home, without a display. Nothing of the user's own keyring is touched.
#   with_keyring.sh COMMAND [ARG...]
#   KEYRING_TEST_PASSWORD=secret  (default "test")  password of the throw-away login collection
#   KEYRING_TEST_LOCKED=1         start with the login collection existing but LOCKED
#   KEYRING_TEST_EMPTY=1          start with no collection at all, as on a computer where nothing was ever stored
# Needs (Debian): dbus gnome-keyring   Python: keyring (SecretStorage + jeepney come with it on Linux)
set -eu
if [ "${1:-}" != --inside ]; then
  D=$(mktemp -d "${TMPDIR:-/tmp}/keyring.XXXXXX"); mkdir -m 700 "$D/run"
  trap 'rm -rf "$D"' EXIT
  KEYRING_TEST_DIR="$D" XDG_DATA_HOME="$D/data" XDG_CACHE_HOME="$D/cache" \
    XDG_RUNTIME_DIR="$D/run" dbus-run-session -- "$0" --inside "$@" && rc=0 || rc=$?
  exit $rc
fi
shift
PW=${KEYRING_TEST_PASSWORD:-test}
# --unlock reads the password from stdin (no newline!), creates the login collection when missing.
# It must become the owner of org.freedesktop.secrets before anything else activates one.
start() { printf %s "$PW" | gnome-keyring-daemon --foreground --components=secrets "$@" >"$KEYRING_TEST_DIR/log" 2>&1 & GKD=$!; }
owned() { dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets 2>/dev/null | grep -q 'boolean true'; }
wait_owned() { for _ in $(seq 100); do owned && return; sleep 0.05; done; cat "$KEYRING_TEST_DIR/log" >&2; exit 97; }
if [ -n "${KEYRING_TEST_EMPTY:-}" ]; then start; else start --unlock; fi
wait_owned
if [ -n "${KEYRING_TEST_LOCKED:-}" ]; then
  dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets \
    org.freedesktop.Secret.Service.Lock array:objpath:/org/freedesktop/secrets/collection/login >/dev/null
fi
"$@" && rc=0 || rc=$?
kill "$GKD" 2>/dev/null || true
exit $rc
